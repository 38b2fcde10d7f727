/*
 * What CI holds every change to: generated files are up to date, types, lint with the rules on imports, formatting.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const folder = mkdtempSync(path.join(tmpdir(), 'calotype-check-'))
const environment = {
  ...process.env,
  NODE_ENV: 'development',
  APP_KEY: 'a-key-for-the-check-of-32-letters',
  HOST: 'localhost',
  PORT: '3333',
  DB_CONNECTION: 'sqlite',
  SQLITE_PATH: path.join(folder, 'check.sqlite'),
  DRIVE_DISK: 'memory',
}
const failed: string[] = []
const run = promisify(execFile)

const CONFIGURATION = 'docs/configuration.md'
const CLIENT = 'tests/api/schema.d.ts'
const generated = () => {
  const types = readdirSync('.adonisjs/server').map((file) => `.adonisjs/server/${file}`)
  const files = ['database/schema.ts', CONFIGURATION, CLIENT, ...types].filter((file) => /\.(ts|md)$/.test(file))
  return new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))
}

const before = generated()
await step('generated files', 'ace.js', 'codegen')
await step('migrations', 'ace.js', 'migration:run')
const configuration = await step('settings', 'ace.js', 'env:check', '--markdown')
if (configuration) writeFileSync(CONFIGURATION, configuration)
const description = path.join(folder, 'openapi.json')
await step('description', 'ace.js', 'openapi:export', description)
await step('client', 'node_modules/openapi-typescript/bin/cli.js', description, '--output', CLIENT)
for (const [file, content] of generated())
  if (before.get(file) !== content) failed.push(`generated files: ${file} was out of date and is new now, commit it`)
await Promise.all([
  step('types', 'node_modules/typescript/bin/tsc', '--noEmit'),
  step('lint', 'node_modules/eslint/bin/eslint.js', '.'),
  step('formatting', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
])
rmSync(folder, { recursive: true, force: true })

for (const each of failed) console.error(`✘ ${each}`)
console.log(failed.length === 0 ? '✔ check passed' : `✘ check failed`)
process.exit(failed.length === 0 ? 0 : 1)

async function step(name: string, ...command: string[]) {
  try {
    const { stdout } = await run(process.execPath, command, { env: environment, maxBuffer: 2 ** 26 })
    console.log(`✔ ${name}`)
    return stdout
  } catch ({ stdout, stderr }: any) {
    failed.push(name)
    console.error(`${stdout}${stderr}`)
  }
}
