import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises'
import type { BigIntStats, Dirent } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { claim, writeBody } from '../body.js'
import type { Body, ByteRange, Disk, ExpectedFile, FileStat, ListedFile } from '../contract.js'
import { E_FILE_MISSING, E_KEY_CONFLICT, E_STORAGE_UNAVAILABLE, orUnavailable } from '../errors.js'
import {
  checkCopy,
  checkKeys,
  checkPut,
  folderOf,
  isContentType,
  isKey,
  pageSize,
  pictureType,
  within,
} from '../keys.js'

export interface FsOptions {
  /** The folder of the files, absolute or from the working directory. It is ours alone; it may be missing at first. */
  root: string
}

const HOUR = 3_600_000
const TRAILER = 128
const MISSING = ['ENOENT', 'ENOTDIR', 'EISDIR']
const CONFLICT = ['ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY']
const RACED = ['ENOENT', ...CONFLICT]

/**
 * Local files, at `root/<key>`.
 *
 * A write goes to a temporary file in `root/.tmp` (no key begins with a dot) and is renamed over the old file, so both
 * must be on one file system. It survives a crash of this process; nothing is flushed for a crash of the machine. What
 * a killed write left in `.tmp` is removed by `ready()` once it is an hour old.
 *
 * The type of a picture is the one of its ending, and the file on disk is the picture. Any other file carries its type
 * in 128 bytes of its own after the content, because one file is all that can be replaced atomically.
 */
export class FsDisk implements Disk {
  #prepared?: Promise<void>

  constructor(private options: FsOptions) {}

  async ready() {
    await orUnavailable(mkdir(this.#temporary(), { recursive: true }))
    for (const name of await orUnavailable(readdir(this.#temporary()))) {
      const left = await nullWhenMissing(stat(this.#temporary(name)))
      if (left && left.mtimeMs < Date.now() - HOUR) await orUnavailable(rm(this.#temporary(name), { force: true }))
    }
  }

  async put(key: string, body: Body, { contentType }: { contentType: string }) {
    claim(body)
    checkPut(key, contentType)
    await this.#replace(key, async (file) => {
      await writeBody(file, body)
      if (trailerOf(key)) await orUnavailable(file.writeFile(contentType.padEnd(TRAILER)))
    })
  }

  async open(key: string, range?: ByteRange) {
    checkKeys(key)
    const file = await nullWhenMissing(open(this.#path(key)))
    if (!file) return null

    try {
      const fileStat = await this.#statOf(key, file)
      if (!fileStat) return await orUnavailable(file.close()).then(() => null)
      const { start, length } = within(fileStat.size, range)
      if (length > 0) return { stream: file.createReadStream({ start, end: start + length - 1 }), stat: fileStat }
      await orUnavailable(file.close())
      return { stream: Readable.from([]), stat: fileStat }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async stat(key: string) {
    checkKeys(key)
    const file = await nullWhenMissing(open(this.#path(key)))
    if (!file) return null
    try {
      return await this.#statOf(key, file)
    } finally {
      await file.close()
    }
  }

  async copy(from: string, to: string) {
    checkCopy(from, to)
    const source = await nullWhenMissing(open(this.#path(from)))
    if (!source) throw new E_FILE_MISSING()
    try {
      if (!(await orUnavailable(source.stat())).isFile()) throw new E_FILE_MISSING()
      await this.#replace(to, (file) => orUnavailable(writeBody(file, source.createReadStream({ autoClose: false }))))
    } finally {
      await source.close()
    }
  }

  async presign(key: string, { contentType }: ExpectedFile) {
    checkPut(key, contentType)
    return null
  }

  async delete(keys: string[]) {
    checkKeys(...keys)
    for (const key of keys) {
      await nullWhenMissing(unlink(this.#path(key)))
      await this.#prune(dirname(key))
    }
  }

  async list(prefix: string, { limit, cursor }: { limit: number; cursor?: string | null }) {
    const size = pageSize(limit)
    const files: ListedFile[] = []
    let last: string | null = null
    let seen = 0
    for await (const key of this.#walk(folderOf(prefix), cursor ?? '')) {
      if (seen++ === size) return { files, nextCursor: last }
      last = key
      const found = await nullWhenMissing(stat(this.#path(key)))
      if (found) files.push({ key, size: Math.max(0, found.size - trailerOf(key)), modifiedAt: found.mtime })
    }
    return { files, nextCursor: null }
  }

  async #replace(key: string, write: (file: FileHandle) => Promise<void>) {
    await (this.#prepared ??= this.ready().catch((error) => this.#forget(error)))
    const temporary = this.#temporary(randomUUID())
    const file = await orUnavailable(open(temporary, 'wx')).catch((error) => this.#forget(error))
    try {
      await write(file).finally(() => file.close())
      await this.#rename(temporary, this.#path(key))
    } catch (error) {
      await orUnavailable(rm(temporary, { force: true }))
      throw error
    }
  }

  /** A `delete` may prune the folder within or between the two steps, which looks like any of these: once more. */
  async #rename(from: string, to: string, attempts = 10): Promise<void> {
    try {
      await mkdir(dirname(to), { recursive: true })
      await rename(from, to)
    } catch (cause) {
      if (RACED.includes(cause.code) && attempts > 1) return this.#rename(from, to, attempts - 1)
      throw CONFLICT.includes(cause.code)
        ? new E_KEY_CONFLICT(undefined, { cause })
        : new E_STORAGE_UNAVAILABLE({ cause })
    }
  }

  async #prune(folder: string): Promise<void> {
    if (folder === '.') return
    try {
      await rmdir(this.#path(folder))
    } catch (error) {
      if (error.code !== 'ENOENT') return
    }
    return this.#prune(dirname(folder))
  }

  /** Keys after `cursor`, in the order of their bytes: a folder's name sorts with the slash that follows it. */
  async *#walk(folder: string, cursor: string): AsyncGenerator<string> {
    const entries = (await nullWhenMissing(readdir(this.#path(folder), { withFileTypes: true }))) ?? []
    for (const name of entries.filter(isListed).map(withSlash).sort()) {
      const key = folder + name
      if (name.endsWith('/')) {
        if (key > cursor || cursor.startsWith(key)) yield* this.#walk(key, cursor)
      } else if (key > cursor && isKey(key)) {
        yield key
      }
    }
  }

  async #statOf(key: string, file: FileHandle): Promise<FileStat | null> {
    const found = await orUnavailable(file.stat({ bigint: true }))
    if (!found.isFile()) return null
    const size = Math.max(0, Number(found.size) - trailerOf(key))
    const contentType = pictureType(key) ?? (await this.#trailer(file, size))
    return { size, contentType, etag: etagOf(found), modifiedAt: found.mtime }
  }

  async #trailer(file: FileHandle, position: number) {
    const { buffer, bytesRead } = await orUnavailable(file.read(Buffer.alloc(TRAILER), 0, TRAILER, position))
    const contentType = buffer.toString('latin1', 0, bytesRead).trimEnd()
    return isContentType(contentType) ? contentType : 'application/octet-stream'
  }

  #forget(error: unknown): never {
    this.#prepared = undefined
    throw error
  }

  #path(key: string) {
    return join(this.options.root, key)
  }

  #temporary(name = '') {
    return join(this.options.root, '.tmp', name)
  }
}

async function nullWhenMissing<Result>(promise: Promise<Result>): Promise<Result | null> {
  try {
    return await promise
  } catch (cause) {
    if (MISSING.includes(cause.code)) return null
    throw new E_STORAGE_UNAVAILABLE({ cause })
  }
}

function trailerOf(key: string) {
  return pictureType(key) ? 0 : TRAILER
}

function etagOf({ ino, mtimeNs, size }: BigIntStats) {
  return `"${[ino, mtimeNs, size].map((part) => part.toString(36)).join('-')}"`
}

function isListed(entry: Dirent) {
  return !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory())
}

function withSlash(entry: Dirent) {
  return entry.isDirectory() ? `${entry.name}/` : entry.name
}
