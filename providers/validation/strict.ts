import { errors } from '@vinejs/vine'

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

const MAX_DEPTH = 32

/**
 * Refuses what a validator does not look at: fields that its schema does not name, nested ones too; null where the schema
 * does not take it, which VineJS reads as left out; and text with NUL or half a surrogate pair, which PostgreSQL refuses
 * and SQLite keeps.
 *
 * @param data what was sent.
 * @param schema the validator's JSON schema.
 * @param options.closed whether unknown fields are refused; text always is.
 * @throws E_VALIDATION_ERROR (422) naming each such field.
 */
export function refuseStrangeInput(data: unknown, schema: object, options: { closed: boolean }) {
  const complaints = [...strange(data, schema as Schema, '', options.closed, 0)]
  if (complaints.length > 0) throw new errors.E_VALIDATION_ERROR(complaints)
}

function* strange(
  value: unknown,
  schema: Schema | undefined,
  path: string,
  closed: boolean,
  depth: number
): Generator<Complaint> {
  if (typeof value === 'string') {
    if (!value.isWellFormed() || value.includes('\0')) yield malformed(path)
    return
  }
  if (value === null && !takesNull(schema)) {
    yield { field: path, rule: 'null', message: `The ${path} field must not be null: leave it out` }
  }
  if (typeof value !== 'object' || value === null) return
  if (depth === MAX_DEPTH) {
    yield { field: path, rule: 'depth', message: `The ${path} field is nested more than ${MAX_DEPTH} levels deep` }
    return
  }
  for (const [key, child] of Object.entries(value)) {
    const field = path === '' ? key : `${path}.${key}`
    if (!key.isWellFormed() || key.includes('\0')) yield malformed(field)
    const [known, childSchema] = lookUp(schema, key, Array.isArray(value))
    if (known || !closed) yield* strange(child, childSchema, field, closed && childSchema !== undefined, depth + 1)
    else yield { field, rule: 'unknown', message: `There is no field ${field} here: remove it` }
  }
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
