import { appendFileSync } from 'node:fs'
import type { NamedReporterContract } from '@japa/runner/types'

/**
 * Writes a line for each test that began, with the milliseconds that it may take, and for each that ended to the file named by
 * TEST_REPORT, for the program that counts them.
 */
export const reporter: NamedReporterContract = {
  name: 'report',
  handler(_, emitter) {
    const write = (line: string) => appendFileSync(process.env.TEST_REPORT!, `${line}\n`)
    emitter.on('test:start', ({ timeout }) => write(`started ${timeout ?? 0}`))
    emitter.on('test:end', ({ hasError, isSkipped }) => write(hasError ? 'failed' : isSkipped ? 'skipped' : 'passed'))
    // A set-up or tear-down that fails belongs to no test and would be lost.
    for (const event of ['group:end', 'suite:end'] as const) {
      emitter.on(event, ({ errors }) => errors.forEach(() => write('failed')))
    }
  },
}
