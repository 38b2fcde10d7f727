import type { LucidModel } from '@adonisjs/lucid/types/model'
import type { Hook, Operation, Subscriber } from './contract.js'

/** How a hook wants to be called. */
export interface HookOptions {
  /** Reached before `delivered()` resolves: for what a request must see at once. Default: false. */
  synchronous?: boolean
}

interface Registration extends HookOptions {
  name: string
  operation: Operation
  handle: (model: LucidModel) => Hook
}

const registrations = new WeakMap<object, Registration[]>()

/**
 * Calls a static method of the model, or of a mixin of it, for each logged change of a row. May stand several times.
 *
 *     @afterCommit('created')
 *     @afterCommit('updated')
 *     static async index({ key, after, revision }: Change) { … }
 */
export function afterCommit(operation: Operation, options: HookOptions = {}) {
  return function <Model extends object, Name extends keyof Model & string>(model: Model, name: Name) {
    add(model, { ...options, operation, name, handle: (owner) => (change) => (owner as any)[name](change) })
  }
}

/**
 * The same from outside of the class, for a plugin that is given a model.
 *
 * @param name unique on the model, and stable.
 */
export function addCommitHook(
  model: object,
  operations: Operation | readonly Operation[],
  name: string,
  handle: Hook,
  options: HookOptions = {}
) {
  for (const operation of [operations].flat() as Operation[]) {
    add(model, { ...options, operation, name, handle: () => handle })
  }
}

/** Who is registered on the model or on what it extends, as subscribers named `Model.method`. */
export function subscribersOf(model: LucidModel): Subscriber[] {
  const found = new Map<string, Subscriber>()
  for (let owner: object | null = model; owner; owner = Object.getPrototypeOf(owner)) {
    for (const { name, operation, synchronous = false, handle } of registrations.get(owner) ?? []) {
      const before = found.get(name)
      found.set(name, {
        name: `${model.name}.${name}`,
        table: model.table,
        operations: [...new Set([...(before?.operations ?? []), operation])],
        synchronous: synchronous || (before?.synchronous ?? false),
        handle: before?.handle ?? handle(model),
      })
    }
  }
  return [...found.values()]
}

function add(owner: object, registration: Registration) {
  registrations.set(owner, [...(registrations.get(owner) ?? []), registration])
}
