import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#tests/free_port'
import { programNamed } from '#tests/program'
import { until } from '#tests/server/until'
import { read } from './files.js'

export const NGINX = programNamed('nginx')

/** The address that it comes from. */
export const FROM = '127.0.0.5'

/** nginx with deploy/nginx.conf, before processes on other ports than those of the containers. */
export class Nginx implements AsyncDisposable {
  static async create() {
    return new Nginx(await mkdtemp(join(tmpdir(), 'calotype-nginx-')), await freePort())
  }

  #process?: ChildProcess
  #output = ''

  private constructor(
    readonly folder: string,
    private readonly port: number
  ) {}

  get url() {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it, and waits until it listens. `ports` are those of the processes and of S3, where `bucket` is. */
  async start(ports: { app1: number; app2: number; s3: number }, bucket: string) {
    const config = read('deploy/nginx.conf')
      .replaceAll(/server (\w+):\d+ resolve/g, (_, name: keyof typeof ports) => `server 127.0.0.1:${ports[name]}`)
      .replace(/location \/calotype\//, `location /${bucket}/`)
      .replace(/listen \d+;/, `listen 127.0.0.1:${this.port};`)
    await writeFile(join(this.folder, 'default.conf'), config)
    await writeFile(join(this.folder, 'nginx.conf'), this.#main())
    this.#process = spawn(NGINX!, ['-e', 'stderr', '-p', this.folder, '-c', 'nginx.conf'])
    this.#process.stderr!.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk))
    await until(() => {
      if (this.#process!.exitCode !== null) throw new RangeError(`nginx ended while it started:\n${this.#output}`)
      return fetch(this.url).then(
        () => true,
        () => false
      )
    }, 'nginx listens')
  }

  /** The addresses of the processes that have answered so far, in order. */
  async answeredBy() {
    return (await readFile(join(this.folder, 'access.log'), 'utf8')).split('\n').filter(Boolean)
  }

  async [Symbol.asyncDispose]() {
    if (this.#process?.kill('SIGQUIT')) await once(this.#process, 'exit')
    await rm(this.folder, { recursive: true, force: true })
  }

  /** What the container's own nginx.conf does, in one folder and one process. */
  #main() {
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    return `daemon off; master_process off; pid nginx.pid; error_log stderr;
      events {}
      http {
        ${kinds.map((kind) => `${kind}_temp_path ${kind};`).join(' ')}
        log_format upstream $upstream_addr;
        access_log access.log upstream;
        proxy_bind ${FROM};
        include default.conf;
      }`
  }
}
