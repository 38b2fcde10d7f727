import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, matchesGlob } from 'node:path'
import { environment, ROOT } from '#tests/server/server_process'
import { commandOf, variablesOf, type Instruction, type Stage } from './dockerfile.js'
import { read, stages } from './files.js'

/** What the Dockerfile makes, in plain folders: one for each of its stages. What it begins with is this machine. */
export class Image implements AsyncDisposable {
  static async create() {
    return new Image(await mkdtemp(join(tmpdir(), 'calotype-image-')))
  }

  readonly #processes = new Set<ChildProcess>()

  private constructor(private readonly folder: string) {}

  /** Where the files of a stage are, of the last one when none is named. */
  root(stage = '') {
    return join(this.folder, stage || 'image')
  }

  /** Follows an instruction of a stage. */
  async follow(stage: Stage, { name, rest }: Instruction) {
    await mkdir(this.root(stage.name), { recursive: true })
    if (name === 'COPY') await this.#copy(rest, this.root(stage.name))
    if (name === 'RUN') await this.#run(rest, stage)
  }

  /** Starts what CMD or HEALTHCHECK says. */
  start(command: 'CMD' | 'HEALTHCHECK' | string[], variables: Record<string, string>) {
    const stage = stages().at(-1)!
    const [program, ...rest] = typeof command === 'string' ? commandOf(stage, command) : command
    const child = spawn(program, rest, {
      cwd: this.root(),
      env: this.#environment(stage, variables),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.#processes.add(child)
    return child
  }

  /** Runs it to its end: its exit code. */
  async code(...started: Parameters<Image['start']>) {
    const [code] = await once(this.start(...started), 'exit')
    return code
  }

  async [Symbol.asyncDispose]() {
    for (const child of this.#processes) child.kill('SIGKILL')
    await rm(this.folder, { recursive: true, force: true })
  }

  /** The files of git but those that .dockerignore names, or what another stage has made. */
  async #copy(rest: string, root: string) {
    const [, from, sources, target] = /^(?:--from=(\w+) )?(.+) (\S+)$/.exec(rest)!
    if (from) return copy(join(this.root(from), sources.replace(/^\/app\/?/, '')), join(root, target))
    for (const file of sources === '.' ? context() : sources.split(' '))
      await copy(join(ROOT, file), join(root, target, file))
  }

  async #run(command: string, stage: Stage) {
    const env = this.#environment(stage)
    const child = spawn('sh', ['-c', command], {
      cwd: this.root(stage.name),
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.#processes.add(child)
    const [code] = await once(child, 'exit')
    assert.equal(code, 0, `RUN ${command}`)
  }

  #environment(stage: Stage, variables: Record<string, string> = {}) {
    const own = variablesOf(stage, process.env)
    const inFolder = Object.entries(own).map(([name, value]) => [
      name,
      value.replaceAll('/app/', `${this.root(stage.name)}/`),
    ])
    return { ...environment(Object.fromEntries(inFolder)), ...variables }
  }
}

function context() {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  const ignored = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
  const isIgnored = (file: string) =>
    ignored.some((pattern) => matchesGlob(file, pattern) || file.startsWith(`${pattern}/`))
  return stdout.split('\0').filter((file) => file && !isIgnored(file))
}

/** As `COPY` does: of a folder its content. */
async function copy(source: string, target: string) {
  await mkdir(dirname(target), { recursive: true })
  await cp(source, target, { recursive: true, verbatimSymlinks: true })
}
