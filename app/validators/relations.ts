import vine from '@vinejs/vine'
import { DateTime } from 'luxon'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

const future = vine.createRule(
  (value, _, field) => {
    if (typeof value !== 'string') return
    const moment = DateTime.fromISO(value, { zone: 'utc' })
    // A year of more digits, which a zone can make of 9999, is none that the databases compare.
    if (!INSTANT.test(value) || !moment.isValid || moment.year > 9999) {
      field.report('The {{ field }} field must be a moment and its zone, such as 2030-01-31T12:00:00Z', 'moment', field)
    } else if (moment <= DateTime.utc()) field.report('The {{ field }} field must be in the future', 'future', field)
  },
  { toJSONSchema: (schema) => void Object.assign(schema, { pattern: INSTANT.source }) }
)

export const muteValidator = vine.create({
  until: vine
    .string()
    .use(future())
    .transform((value) => DateTime.fromISO(value, { zone: 'utc' }))
    .nullable()
    .optional(),
})

const limit = () => vine.number().withoutDecimals().min(1).max(100).optional()

export const followRequestsValidator = vine.create({
  direction: vine.enum(['incoming', 'outgoing'] as const).optional(),
  limit: limit(),
  cursor: vine.string().uuid().toLowerCase().optional(),
})

export const suggestionsValidator = vine.create({ limit: limit() })
