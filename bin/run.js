/*
 * Starts a program of the project: installs what is missing, then runs it with the Node.js that comes with the
 * dependencies. Plain JavaScript without imports of packages, because the machine's own Node.js may be an older one
 * and nothing may be installed yet.
 *
 *   node bin/run.js PROGRAM [ARGUMENT…]
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
process.chdir(root)

install()
if (process.argv[2] === 'bin/demo.ts') writeEnvironment()
run(process.argv.slice(2))

function install() {
  if (isInstalled()) return

  console.error('Installing the dependencies …')
  const { status } = spawnSync('npm', ['ci', '--loglevel=error', '--no-fund', '--no-audit'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('The dependencies could not be installed: see what npm says above.')
    process.exit(1)
  }
}

/** The built server does without the packages for development, everything else needs them. */
function isInstalled() {
  const installed = 'node_modules/.package-lock.json'
  const isBuilt = process.argv[2].startsWith('build/')
  if (!existsSync(installed) || !(isBuilt || existsSync('node_modules/@poppinss/ts-exec'))) return false
  return statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs || sameLock(installed)
}

/** Whether every installed package is of the version that the lock file names: a checkout may only have touched it. */
function sameLock(installed) {
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages
  const want = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
  return Object.keys(have).every((name) => want[name]?.version === have[name].version)
}

function writeEnvironment() {
  if (existsSync('.env')) return
  const key = randomBytes(32).toString('base64url')
  writeFileSync('.env', readFileSync('.env.example', 'utf8').replace(/^APP_KEY=.*$/m, `APP_KEY=${key}`), {
    mode: 0o600,
  })
}

function run([program, ...programArguments]) {
  if (program.startsWith('build/') && !existsSync(program)) {
    console.error('There is no build yet: run "npm run build" first.')
    process.exit(1)
  }
  const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const loader = program.endsWith('.ts') ? ['--import=@poppinss/ts-exec'] : []
  const child = spawn(node, ['--enable-source-maps', ...loader, program, ...programArguments], {
    stdio: 'inherit',
    env: {
      ...(program.startsWith('build/') ? { NODE_ENV: 'production' } : {}),
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'),
      // glibc keeps an arena a thread otherwise, and decoded pictures stay in all of them.
      MALLOC_ARENA_MAX: '2',
      ...process.env,
      // The built server looks for its environment in build/ otherwise.
      ENV_PATH: process.env.ENV_PATH ?? root,
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}
