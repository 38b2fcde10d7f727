import { column } from '@adonisjs/lucid/orm'
import { DateTime, Settings } from 'luxon'

// What Lucid sets to now is UTC too, wherever the machine stands.
Settings.defaultZone = 'utc'

/**
 * A column for a moment, the same on both databases: UTC with milliseconds, where Lucid's own drops the milliseconds on
 * SQLite and reads both in the time zone of the machine.
 *
 * @param options.autoCreate set to now when the row is created.
 * @param options.autoUpdate set to now whenever the row is saved.
 */
export function instant(options: { autoCreate?: boolean; autoUpdate?: boolean } = {}) {
  return column.dateTime({
    ...options,
    prepare: (value: DateTime | null) => value?.toUTC().toISO() ?? null,
    consume: (value: string | Date | null) => {
      if (!value) return null
      return value instanceof Date
        ? DateTime.fromJSDate(value, { zone: 'utc' })
        : DateTime.fromISO(value, { zone: 'utc' })
    },
    serialize: (value: DateTime | null) => value?.toUTC().toISO() ?? null,
  })
}

/** A column of text that holds JSON, parsed and written by the model, the same on both databases. */
export function json() {
  return column({
    prepare: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
    consume: (value: string | null) => (value === null ? null : JSON.parse(value)),
  })
}
