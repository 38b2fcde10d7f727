/*
 * Runs the tests in a process of their own and closes with "N passed, N failed", also when a spec fails at import, hangs
 * or takes the process with it.
 *
 *   npm test [-- JAPA'S OPTIONS]       everything that needs no server
 *   npm run test:services              the functional suite on PostgreSQL, and the suites of the servers
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { freePort } from '../tests/free_port.js'

/** How long nothing may end; a test that may take longer has a moment more than that. */
const SILENCE_MS = 150_000
const MOMENT_MS = 30_000

const options = process.argv.slice(2)
const withServices = options.includes('--services')
const japa = options.filter((option) => option !== '--services')

const folder = mkdtempSync(path.join(tmpdir(), 'calotype-test-'))
const report = path.join(folder, 'report')
const counts = { started: 0, passed: 0, failed: 0, skipped: 0 }

try {
  if (withServices) await testWithServices()
  else await test(['unit', 'functional', 'resilience'], { SQLITE_PATH: path.join(folder, 'test.sqlite') })
} catch (error) {
  counts.failed++
  console.error(error.message)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (counts.passed + counts.failed === 0) {
  counts.failed = 1
  console.error('No test ran.')
}
if (counts.skipped > 0) console.log(`\n${counts.skipped} skipped`)
console.log(`\n${counts.passed} passed, ${counts.failed} failed`)
process.exit(counts.failed > 0 ? 1 : 0)

async function testWithServices() {
  const missing = ['PG_HOST', 'PG_USER', 'S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'].filter(
    (name) => !process.env[name]
  )
  if (missing.length > 0)
    throw new RangeError(
      `The services suite is told where the servers are by the environment. Missing: ${missing.join(', ')}`
    )

  const database = `calotype_test_${Date.now()}_${process.pid}`
  await administer(`create database ${database}`)
  try {
    await test(['functional', 'services'], { DB_CONNECTION: 'postgres', PG_DB_NAME: database })
  } finally {
    await administer(`drop database ${database} with (force)`)
  }
}

async function administer(statement: string) {
  const { PG_HOST: host, PG_PORT: port, PG_USER: user, PG_PASSWORD: password } = process.env
  const client = new pg.Client({
    host,
    port: Number(port ?? 5432),
    user,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 5000,
  })
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function test(suites: string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import=@poppinss/ts-exec', 'bin/test.ts', ...suites, ...japa], {
    stdio: 'inherit',
    env: { ...process.env, ...environment, PORT: String(await freePort()), TEST_REPORT: report },
  })
  const code = await ended(child)
  count()
  if (code !== 0 && counts.failed === 0) {
    counts.failed = 1
    console.error(`The tests ended early, with code ${code}: a spec may have failed at import.`)
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  let lines = 0
  let since = Date.now()
  const watch = setInterval(() => {
    const told = readReport()
    if (told.length !== lines) [lines, since] = [told.length, Date.now()]
    const silence = Date.now() - since
    const [, timeout = 0] = told.at(-1)?.split(' ') ?? []
    if (silence < Math.max(SILENCE_MS, Number(timeout) + MOMENT_MS)) return
    console.error(`No test ended for ${Math.round(silence / 1000)} s: given up.`)
    child.kill('SIGKILL')
  }, 1000)
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearInterval(watch)
      resolve(code)
    })
  })
}

/** A test that started and did not end has failed. */
function count() {
  for (const line of readReport()) counts[line.split(' ')[0] as keyof typeof counts]++
  counts.failed += Math.max(0, counts.started - counts.passed - counts.failed - counts.skipped)
}

function readReport(): string[] {
  try {
    return readFileSync(report, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
