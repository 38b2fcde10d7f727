import Type, { type TSchema } from 'typebox'

/** A moment, which JSON makes ISO 8601 of. */
export const Instant = Type.Unsafe<Date | string>({ type: 'string', format: 'date-time' })

export const Id = Type.String({ format: 'uuid' })

export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** What is answered of one thing. */
export const data = <Schema extends TSchema>(schema: Schema) => closed({ data: schema })

/** A page of a list. */
export const page = <Schema extends TSchema>(schema: Schema) =>
  closed({ data: Type.Array(schema), meta: closed({ nextCursor: nullable(Id) }) })

/** An object with these fields and no others. */
export function closed<Properties extends Record<string, TSchema>>(properties: Properties, $id?: string) {
  return Type.Object(properties, { additionalProperties: false, ...($id && { $id }) })
}
