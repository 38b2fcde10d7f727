import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync } from 'node:fs'
import { glob, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import pg from 'pg'
import { freePort } from '#tests/free_port'
import { until } from '#tests/server/until'

const USER = 'calotype'

/** Where the programs of PostgreSQL are: on the PATH, or where Debian has them. */
export const POSTGRES = await programs()

/** A PostgreSQL of a test's own, to end and to start again. Nobody else needs it meanwhile. */
export class PostgresServer implements AsyncDisposable {
  static async create() {
    const folder = await mkdtemp(join(tmpdir(), 'calotype-postgres-'))
    const { owner } = PostgresServer
    if (owner) chownSync(folder, owner.uid, owner.gid)
    const options = ['-D', folder, '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8']
    execFileSync(join(POSTGRES!, 'initdb'), options, { ...owner, cwd: folder, stdio: 'pipe' })
    const server = new PostgresServer(folder, await freePort())
    await server.start()
    return server
  }

  /** It refuses to run as root. */
  private static get owner() {
    if (process.getuid!() !== 0) return undefined
    const [uid, gid] = ['-u', '-g'].map((option) => Number(execFileSync('id', [option, 'postgres'])))
    return { uid, gid }
  }

  #process?: ChildProcess

  private constructor(
    private folder: string,
    private port: number
  ) {}

  /** What tells an installation of it. */
  get settings() {
    const address = { PG_HOST: '127.0.0.1', PG_PORT: String(this.port), PG_USER: USER, PG_PASSWORD: '' }
    return { DB_CONNECTION: 'postgres', ...address, PG_DB_NAME: 'postgres' }
  }

  /** Starts it, and waits until it lets somebody in. */
  async start() {
    const options = ['-D', this.folder, '-p', String(this.port), '-h', '127.0.0.1', '-k', '']
    this.#process = spawn(join(POSTGRES!, 'postgres'), options, { ...PostgresServer.owner, stdio: 'ignore' })
    await until(() => this.#answers(), 'PostgreSQL answers')
  }

  /** @param signal SIGINT ends it in order, SIGQUIT as if it had crashed; those who use it are cut off by both. */
  async end(signal: 'SIGINT' | 'SIGQUIT') {
    const ended = once(this.#process!, 'exit')
    this.#process!.kill(signal)
    await ended
  }

  async [Symbol.asyncDispose]() {
    if (this.#process?.exitCode === null) await this.end('SIGQUIT')
    await rm(this.folder, { recursive: true, force: true })
  }

  async #answers() {
    const client = new pg.Client({ host: '127.0.0.1', port: this.port, user: USER, database: 'postgres' })
    // It may break off while it starts.
    client.on('error', () => {})
    return client.connect().then(
      () => client.end().then(() => true),
      () => false
    )
  }
}

async function programs(): Promise<string | undefined> {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...(await Array.fromAsync(glob('/usr/lib/postgresql/*/bin'))),
  ]
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))))
}
