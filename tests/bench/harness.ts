import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { json, text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase, type Database } from './database.js'
import type { Figures, Load } from './load.js'
import { buildArguments } from '../build.js'
import { freePort } from '../free_port.js'

/** What keeps a benchmark from being measured. */
export class BenchError extends Error {}

/** Where a benchmark works: a folder with a build of the server, a database, files and processes, all gone at the end. */
export class Workbench implements AsyncDisposable {
  /** The folder is in the project: a build looks for its packages above it. */
  static async create() {
    await mkdir('tmp', { recursive: true })
    const folder = await mkdtemp(path.resolve('tmp/bench-'))
    await mkdir(path.join(folder, 'tmp'))
    return new Workbench(folder)
  }

  #children = new Set<ChildProcess>()
  #pids = new Map<string, number>()
  #database?: Database

  private constructor(readonly folder: string) {}

  /** A file of the built server. */
  built(file: string) {
    return path.join(this.folder, 'build', file)
  }

  async build() {
    say('Building the server …')
    await this.run('ace.js', await buildArguments(this.folder))
  }

  /**
   * Another build, with one element less in a list.
   *
   * @param file where the list is, `start/kernel.js`.
   * @param name what is imported there.
   * @returns the file of that build that starts the server.
   */
  async buildWithout(file: string, name: string): Promise<string> {
    const folder = path.join(this.folder, `without-${path.basename(path.dirname(name))}-${path.basename(name)}`)
    await cp(this.built(''), folder, { recursive: true })
    const text = await readFile(path.join(folder, file), 'utf8')
    const without = text
      .replace(`() => import('${name}')`, '')
      .replace(/\[\s*,/g, '[')
      .replace(/,\s*,/g, ',')
    if (without.length === text.length) throw new BenchError(`${file} does not import ${name} in a list.`)
    await writeFile(path.join(folder, file), without)
    return path.join(folder, 'bin/server.js')
  }

  /** Another build, with more in one of its files; the file of that build that starts the server. */
  async buildWith(file: string, text: string): Promise<string> {
    const folder = path.join(this.folder, 'with')
    await cp(this.built(''), folder, { recursive: true })
    await appendFile(path.join(folder, file), text)
    return path.join(folder, 'bin/server.js')
  }

  /** A database without tables: on PostgreSQL where PG_HOST is set, else a file of SQLite. */
  async database(): Promise<Database> {
    return (this.#database = await createDatabase(this.folder))
  }

  /** A database of the current schema, which has been built. */
  async migrate(): Promise<Database> {
    const database = await this.database()
    await this.run(this.built('ace.js'), ['migration:run', '--force'])
    return database
  }

  /** Starts a server, ours or a reference, and resolves with its address as soon as it answers. */
  async serve(program: string): Promise<string> {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const log = path.join(this.folder, `${port}.log`)
    const child = this.start(program, [], { stdio: ['ignore', openSync(log, 'w'), openSync(log, 'a')], port })
    this.#pids.set(url, child.pid!)
    while (!(await answers(url))) {
      if (child.exitCode !== null) throw new BenchError(`${program} ended:\n${await readFile(log, 'utf8')}`)
      await sleep(50)
    }
    return url
  }

  /** The processor time in milliseconds that a server of this workbench has used so far, with all of its threads. */
  async cpuTime(url: string): Promise<number> {
    const stat = await readFile(`/proc/${this.#pids.get(url)}/stat`, 'utf8')
    const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number)
    return (user + system) * TICK_MS
  }

  /** Puts a load on a server, from a process of its own. */
  async load(load: Load): Promise<Figures> {
    const child = this.start('tests/bench/load.ts', [], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin!.end(JSON.stringify(load))
    const [figures] = await Promise.all([json(child.stdout!) as Promise<Figures>, succeeded(child, 'The load')])
    return figures
  }

  /** Runs a program to its end, for what it writes to stdout. */
  async run(program: string, args: string[]): Promise<string> {
    const child = this.start(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const output = Promise.all([text(child.stdout!), text(child.stderr!)])
    await succeeded(child, program, async () => (await output).join(''))
    return (await output)[0]
  }

  /** Starts a program in the environment of a production server of this workbench. */
  start(program: string, args: string[], { port = 0, ...options }: { port?: number } & Parameters<typeof spawn>[2]) {
    const loader = program.endsWith('.ts') ? ['--import=@poppinss/ts-exec'] : []
    const env = { ...process.env, ...this.#settings(), PORT: String(port) }
    const child = spawn(process.execPath, ['--enable-source-maps', ...loader, program, ...args], { ...options, env })
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    return child
  }

  async [Symbol.asyncDispose]() {
    await Promise.all([...this.#children].map(stop))
    await this.#database?.[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true })
  }

  #settings() {
    return {
      NODE_ENV: 'production',
      MALLOC_ARENA_MAX: '2',
      TZ: 'UTC',
      ENV_PATH: this.folder,
      TMPDIR: path.join(this.folder, 'tmp'),
      HOST: '127.0.0.1',
      APP_URL: 'https://photos.example.org',
      APP_KEY: 'a-key-for-the-bench-of-32-letters',
      DRIVE_DISK: 'fs',
      LIMIT_FACTOR: '1000000',
      STORAGE_PATH: path.join(this.folder, 'files'),
      ...this.#database?.settings,
    }
  }
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10

/** Tells how far the run is; the table alone goes to stdout. */
export function say(line: string) {
  console.error(line)
}

async function succeeded(child: ChildProcess, what: string, output = async () => '') {
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new BenchError(`${what} ended with ${code}. ${await output()}`)
}

async function stop(child: ChildProcess) {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function answers(url: string) {
  return fetch(`${url}/health/live`).then(
    () => true,
    () => false
  )
}
