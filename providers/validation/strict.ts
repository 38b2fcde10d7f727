import { errors } from '@vinejs/vine'
import { countsAtMost } from './graphemes.js'
import { inputLimits } from './limits.js'
import { isKeepable } from './text.js'

/** The part of a JSON schema that says which fields an object may have. */
interface Schema {
  type?: string | string[]
  enum?: unknown[]
  properties?: Record<string, Schema | boolean>
  items?: Schema | Schema[] | boolean
  additionalProperties?: Schema | boolean
}

interface Complaint {
  field: string
  rule: string
  message: string
}

/** Complaints that are told of at once. */
const MAX_COMPLAINTS = 20

/**
 * Refuses what a validator does not look at: what is beyond `inputLimits`; fields that its schema does not name, nested ones
 * too; null where the schema does not take it, which VineJS reads as left out; and text with NUL or half a surrogate pair,
 * which PostgreSQL refuses and SQLite keeps.
 *
 * @param data what was sent.
 * @param schema the validator's JSON schema.
 * @param options.closed whether unknown fields are refused; text always is.
 * @throws E_VALIDATION_ERROR (422) naming such fields, 20 at most.
 */
export function refuseStrangeInput(data: unknown, schema: object, options: { closed: boolean }) {
  const found = complaints(data, schema as Schema, options.closed).take(MAX_COMPLAINTS)
  const list = [...found]
  if (list.length > 0) throw new errors.E_VALIDATION_ERROR(list)
}

/** The sizes first: only what is small enough is looked at closely. */
function* complaints(data: unknown, schema: Schema, closed: boolean): Generator<Complaint> {
  const large = [...oversize(data, '', 0, { fields: 0, items: 0 }).take(1)]
  yield* large
  if (large.length === 0) yield* strange(data, schema, '', closed)
}

function* oversize(
  value: unknown,
  field: string,
  depth: number,
  seen: { fields: number; items: number }
): Generator<Complaint> {
  const { depth: maxDepth, fields, items, graphemes } = inputLimits
  if (typeof value === 'string' && !countsAtMost(value, graphemes))
    yield tooMuch(field, 'length', graphemes, 'characters')
  if (typeof value !== 'object' || value === null) return
  if (depth === maxDepth) return yield tooMuch(field, 'depth', maxDepth, 'levels within one another')
  if (Array.isArray(value)) {
    seen.items += value.length
    if (seen.items > items) return yield tooMuch(field, 'items', items, 'items')
  } else {
    seen.fields += Object.keys(value).length
    if (seen.fields > fields) return yield tooMuch(field, 'fields', fields, 'fields')
  }
  for (const [key, child] of Object.entries(value)) yield* oversize(child, pathTo(field, key), depth + 1, seen)
}

function tooMuch(field: string, rule: string, most: number, what: string): Complaint {
  const name = field === '' ? 'body' : `${field} field`
  return { field: field || 'body', rule, message: `The ${name} must not have more than ${most} ${what}` }
}

function* strange(value: unknown, schema: Schema | undefined, path: string, closed: boolean): Generator<Complaint> {
  if (typeof value === 'string') {
    if (!isKeepable(value)) yield malformed(path)
    return
  }
  if (value === null && !takesNull(schema)) {
    yield { field: path, rule: 'null', message: `The ${path} field must not be null: leave it out` }
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    const field = pathTo(path, key)
    if (!isKeepable(key)) yield malformed(field)
    const [known, childSchema] = lookUp(schema, key, Array.isArray(value))
    if (known || !closed) yield* strange(child, childSchema, field, closed && childSchema !== undefined)
    else yield { field, rule: 'unknown', message: `There is no field ${field} here: remove it` }
  }
}

/** A name is as long as its sender likes. */
function pathTo(parent: string, key: string): string {
  const name = key.slice(0, 100)
  return parent === '' ? name : `${parent}.${name}`
}

/** Whether the schema has a place for the key, and what it says of it. */
function lookUp(schema: Schema | undefined, key: string, isArray: boolean): [boolean, Schema | undefined] {
  if (isArray)
    return [true, schema && typeof schema.items === 'object' && !Array.isArray(schema.items) ? schema.items : undefined]
  const property =
    schema?.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : schema?.additionalProperties
  return [property !== undefined && property !== false, typeof property === 'object' ? property : undefined]
}

function takesNull(schema: Schema | undefined): boolean {
  if (!schema) return true
  const named = schema.type ?? schema.enum?.map((value) => (value === null ? 'null' : ''))
  return named === undefined || named.includes('null')
}

function malformed(field: string): Complaint {
  return {
    field,
    rule: 'text',
    message: `The ${field} field holds a character that cannot be kept: NUL or half a surrogate pair`,
  }
}
