import { MigrationRunner } from '@adonisjs/lucid/migration'

/** Triggers that migrations must not meet. */
export interface Kept {
  uninstall(): Promise<unknown>
  /** Installs what can be: between two migrations a table or a column may not be there yet. */
  install(options: { lenient: boolean }): Promise<unknown>
}

const run = MigrationRunner.prototype.run
const kept = new Set<() => Promise<Kept>>()

/**
 * Takes triggers away before migrations and installs them afterwards: SQLite drops those of a table that it builds anew
 * without a word, and PostgreSQL refuses to drop a column that one names. Where nothing is to be migrated they stay, and a
 * running server misses nothing.
 *
 * @param load what is kept, asked for when a migration runs.
 * @returns a function that ends it.
 */
export function keepAroundMigrations(load: () => Promise<Kept>): () => void {
  kept.add(load)
  MigrationRunner.prototype.run = keptRun
  return () => {
    kept.delete(load)
    if (kept.size === 0) MigrationRunner.prototype.run = run
  }
}

async function keptRun(this: MigrationRunner) {
  if (this.dryRun) return run.call(this)
  const all = await Promise.all([...kept].map((load) => load()))
  if (await changesTables(this)) {
    for (const each of all) await each.uninstall()
  }
  try {
    return await run.call(this)
  } finally {
    for (const each of all) await each.install({ lenient: true })
  }
}

async function changesTables(runner: MigrationRunner) {
  if (runner.direction !== 'up') return true
  return (await runner.getList()).some(({ status }) => status === 'pending')
}
