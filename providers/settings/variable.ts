import { Env } from '@adonisjs/core/env'

export interface VariableOptions {
  /** What holds where the environment does not say; written as it would be there. */
  default?: string | number
  /** The variable may be left out, and is undefined then. */
  optional?: true
  /** Needed only where another variable has this value: `DB_CONNECTION=postgres`. */
  with?: `${string}=${string}`
}

/** A variable of the environment: its rule, as `Env.create` takes it, and what there is to say of it. */
export interface Variable<Value> extends VariableOptions {
  (name: string, value?: string): Value
  /** What it is for, in a sentence. */
  about: string
  /** What it may be, where that is a choice. */
  values?: readonly string[]
}

type Rule<Value> = (name: string, value?: string) => Value
type Read<Value, Options> = Options extends { default: string | number }
  ? Value
  : Options extends { optional: true } | { with: string }
    ? Value | undefined
    : Value

/**
 * A variable with its meaning, its rule and its default in one place.
 *
 * @param about what it is for, in a sentence.
 * @param rule what checks and casts the value; one of `Env.schema` in its form for what must be there.
 * @param options when it may be left out, and what holds then. Default: never.
 */
export function variable<Value, const Options extends VariableOptions = {}>(
  about: string,
  rule: Rule<Value>,
  options?: Options
): Variable<Read<Value, Options>> {
  const { default: fallback, optional, with: condition } = (options ?? {}) as VariableOptions
  const read = (name: string, value?: string) => {
    const given = value || fallback?.toString()
    if (!given && (optional || !holds(condition))) return undefined
    return rule(name, given)
  }
  return Object.assign(read, { about, ...options }) as Variable<Read<Value, Options>>
}

/** A variable that is one of these values. */
export function choice<const Values extends readonly string[], const Options extends VariableOptions = {}>(
  about: string,
  values: Values,
  options?: Options
) {
  return Object.assign(variable<Values[number], Options>(about, Env.schema.enum(values), options), { values })
}

function holds(condition?: string) {
  if (!condition) return true
  const [name, value] = condition.split('=')
  return process.env[name] === value
}
