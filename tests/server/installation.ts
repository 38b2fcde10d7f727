import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import db from '@adonisjs/lucid/services/db'
import { postgresConnection, sqliteConnection } from '#providers/portable/index'
import { environment, ROOT, ServerProcess } from '#tests/server/server_process'
import { freePort } from '#tests/free_port'

/**
 * The application as it is deployed: a folder with its database, files and spool, which outlives the processes that serve
 * it. Nothing of the environment of the tests, nor of a `.env`, reaches it.
 */
export class Installation implements AsyncDisposable {
  /** Makes the folder and brings the database up to date. `settings` go over SQLite and local files. */
  static async create(settings: Record<string, string> = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'calotype-installation-'))
    const port = String(await freePort())
    const installation = new Installation(folder, {
      NODE_ENV: 'production',
      ENV_PATH: folder,
      TMPDIR: join(folder, 'tmp'),
      HOST: '127.0.0.1',
      PORT: port,
      APP_URL: `http://127.0.0.1:${port}`,
      APP_KEY: 'a-key-for-the-tests-of-32-letters',
      LOG_LEVEL: 'warn',
      TZ: 'UTC',
      DB_CONNECTION: 'sqlite',
      SQLITE_PATH: join(folder, 'calotype.sqlite'),
      DRIVE_DISK: 'fs',
      STORAGE_PATH: join(folder, 'files'),
      LOGIN_LIMIT: '100000',
      SIGNUP_LIMIT: '100000',
      LIMIT_FACTOR: '1000',
      // As bin/run.js starts it.
      MALLOC_ARENA_MAX: '2',
      ...settings,
    })
    await mkdir(installation.env.TMPDIR)
    const { code, output } = await installation.ace('migration:run', '--force')
    assert.equal(code, 0, output)
    return installation
  }

  private server?: ServerProcess

  private constructor(
    readonly folder: string,
    readonly env: Record<string, string>
  ) {}

  /** Starts the server, or a program that serves, on the same port each time, and waits until it answers. */
  async start(program?: string) {
    this.server = new ServerProcess(this.env, program)
    await this.server.answers()
    return this.server
  }

  /** Runs an ace command to its end: what it printed, and its exit code. */
  async ace(...args: string[]) {
    const child = spawn(process.execPath, ['ace.js', ...args], { cwd: ROOT, env: environment(this.env) })
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code: code as number | null, stdout, output: stdout + stderr }
  }

  /** The files below a folder of the installation, unfinished ones too, by an independent walk. */
  async filesIn(...path: string[]) {
    const folder = join(this.folder, ...path)
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneWhenMissing)
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort()
  }

  /** All rows of a table, read over a connection of the test's own. */
  async rows(table: string): Promise<any[]> {
    const { DB_CONNECTION, SQLITE_PATH, PG_HOST, PG_PORT, PG_USER, PG_PASSWORD, PG_DB_NAME } = this.env
    const connection = this.folder
    if (!db.manager.has(connection)) {
      const postgres = {
        host: PG_HOST,
        port: Number(PG_PORT),
        user: PG_USER,
        password: PG_PASSWORD,
        database: PG_DB_NAME,
      }
      const isSqlite = DB_CONNECTION === 'sqlite'
      db.manager.add(connection, isSqlite ? sqliteConnection({ filename: SQLITE_PATH }) : postgresConnection(postgres))
    }
    try {
      return await db.connection(connection).from(table)
    } finally {
      await db.manager.close(connection, true)
    }
  }

  /** The keys of all files that a row names, however they are stored. */
  async ownedKeys() {
    const media = await this.rows('media')
    return media.flatMap(keysOf).sort()
  }

  /** The keys of all files that are stored locally. */
  async storedKeys() {
    return (await this.filesIn('files')).filter((key) => !key.startsWith('.'))
  }

  async [Symbol.asyncDispose]() {
    await this.server?.kill('SIGKILL')
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Where the files of a row of `media` belong. */
function keysOf({ folder, variants }: { folder: string; variants: string | { file: string }[] }): string[] {
  const list: { file: string }[] = typeof variants === 'string' ? JSON.parse(variants) : variants
  return list.map(({ file }) => `media/${folder.slice(0, 2)}/${folder}/${file}`)
}

function noneWhenMissing(error: NodeJS.ErrnoException) {
  if (error.code === 'ENOENT') return []
  throw error
}
