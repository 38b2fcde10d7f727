import type { TSchema } from 'typebox'

/** What a validator of VineJS says of itself. */
export interface Validator {
  toJSONSchema(): object
}

/** An error that a client is told: its class, or one that was thrown. */
export interface Failure {
  status: number
  code: string
  /** What it says, where that is fixed. */
  message?: string
}

/** A body other than plain JSON: its media type, and its schema where it has one. */
export interface Content {
  type: string
  schema?: TSchema
}

/** What a client is told of an action, beside what the route and the middleware say. */
export interface Operation {
  /** A few words, a verb first: "Publish an album". */
  summary: string
  /** What else is worth knowing, in Markdown. */
  description?: string
  /** The query string. */
  query?: Validator
  /** The JSON body. */
  body?: Validator
  /** A form with one file in the field `file`: the other fields. */
  form?: Validator
  /** The bodies of success by status; null for none. */
  answers: Record<number, TSchema | Content | null>
  /** What it refuses with, beside what all operations do. */
  fails?: Failure[]
}

const operations = new WeakMap<object, Map<string, Operation>>()

/**
 * Describes an action of a controller.
 *
 *     @operation({ summary: 'Like a post', answers: { 204: null }, fails: [NotFound] })
 *     async update(ctx: HttpContext) { … }
 */
export function operation(described: Operation) {
  return (controller: object, action: string) => {
    const known = operations.get(controller) ?? new Map<string, Operation>()
    operations.set(controller, known.set(action, described))
  }
}

/** What was said of an action; undefined when nothing was. */
export function operationOf(controller: new (...values: any[]) => object, action: string): Operation | undefined {
  return operations.get(controller.prototype)?.get(action)
}
