/*
 * What CI holds every change to: generated files are up to date, types, lint with the rules on imports, formatting.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

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

const CONFIGURATION = 'docs/configuration.md'
const CLIENT = 'tests/api/schema.d.ts'
const generated = () =>
  [
    'database/schema.ts',
    CONFIGURATION,
    CLIENT,
    ...readdirSync('.adonisjs/server').map((file) => `.adonisjs/server/${file}`),
  ]
    .filter((file) => /\.(ts|md)$/.test(file))
    .map((file) => `${file}\n${readFileSync(file, 'utf8')}`)
    .join('\n')

const before = generated()
step('generated files', 'ace.js', 'codegen')
step('migrations', 'ace.js', 'migration:run')
const configuration = step('settings', 'ace.js', 'env:check', '--markdown')
if (configuration) writeFileSync(CONFIGURATION, configuration)
const description = path.join(folder, 'openapi.json')
step('description', 'ace.js', 'openapi:export', description)
step('client', 'node_modules/openapi-typescript/bin/cli.js', description, '--output', CLIENT)
if (generated() !== before) failed.push('generated files: they were out of date and are new now, commit them')
step('types', 'node_modules/typescript/bin/tsc', '--noEmit')
step('lint', 'node_modules/eslint/bin/eslint.js', '.')
step('formatting', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.')
rmSync(folder, { recursive: true, force: true })

for (const each of failed) console.error(`✘ ${each}`)
console.log(failed.length === 0 ? '✔ check passed' : `✘ check failed`)
process.exit(failed.length === 0 ? 0 : 1)

function step(name: string, ...command: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env: environment, encoding: 'utf8' })
  if (status === 0) {
    console.log(`✔ ${name}`)
    return stdout
  }
  failed.push(name)
  console.error(`${stdout}${stderr}`)
}
