import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { chunksOf, claim } from '../body.js'
import type { Body, ByteRange, Disk, ExpectedFile, FileStat } from '../contract.js'
import { E_FILE_MISSING } from '../errors.js'
import { checkCopy, checkKeys, checkPut, folderOf, pageSize, within } from '../keys.js'

/**
 * Files in the memory of this process, for tests and for trying out: gone with it, and bounded by nothing else.
 */
export class MemoryDisk implements Disk {
  #files = new Map<string, { content: Buffer; stat: FileStat }>()

  async ready() {}

  async put(key: string, body: Body, { contentType }: { contentType: string }) {
    claim(body)
    checkPut(key, contentType)
    const chunks: Buffer[] = []
    for await (const chunk of chunksOf(body)) chunks.push(Buffer.from(chunk))
    const content = Buffer.concat(chunks)
    const etag = `"${createHash('sha256').update(content).digest('base64url')}"`
    this.#files.set(key, { content, stat: { size: content.length, contentType, etag, modifiedAt: new Date() } })
  }

  async open(key: string, range?: ByteRange) {
    checkKeys(key)
    const file = this.#files.get(key)
    if (!file) return null
    const { start, length } = within(file.stat.size, range)
    return { stream: Readable.from([file.content.subarray(start, start + length)]), stat: { ...file.stat } }
  }

  async stat(key: string) {
    checkKeys(key)
    const file = this.#files.get(key)
    return file ? { ...file.stat } : null
  }

  async copy(from: string, to: string) {
    checkCopy(from, to)
    const file = this.#files.get(from)
    if (!file) throw new E_FILE_MISSING()
    this.#files.set(to, { content: file.content, stat: { ...file.stat, modifiedAt: new Date() } })
  }

  async presign(key: string, { contentType }: ExpectedFile) {
    checkPut(key, contentType)
    return null
  }

  async delete(keys: string[]) {
    checkKeys(...keys)
    for (const key of keys) this.#files.delete(key)
  }

  async list(prefix: string, { limit, cursor }: { limit: number; cursor?: string | null }) {
    const folder = folderOf(prefix)
    const keys = [...this.#files.keys()].filter((key) => key.startsWith(folder) && key > (cursor ?? '')).sort()
    const page = keys.slice(0, pageSize(limit))
    return {
      files: page.map((key) => {
        const { size, modifiedAt } = this.#files.get(key)!.stat
        return { key, size, modifiedAt }
      }),
      nextCursor: keys.length > page.length ? page.at(-1)! : null,
    }
  }
}
