import { Env, EnvProcessor } from '@adonisjs/core/env'
import { E_WRONG_SETTINGS } from './errors.js'
import type { Variable } from './variable.js'

type Variables = Record<string, Variable<unknown>>
type Values<Of extends Variables> = { [Name in keyof Of]: ReturnType<Of[Name]> }

/** What there is to say of a variable, and what is wrong with it now. */
export interface VariableReport {
  name: string
  about: string
  values: readonly string[] | null
  default: string | null
  /** `always`, `never`, or where another variable has a value: `DB_CONNECTION=postgres`. */
  needed: string
  isSet: boolean
  problem: string | null
}

/** The environment of an installation, read and checked. To read it never fails: whoever starts the application demands it. */
export class Settings<Of extends Variables> {
  /**
   * Reads the environment, and the `.env` files of a folder into it.
   *
   * @param root the folder; ENV_PATH names another one.
   */
  static async read<Of extends Variables>(root: URL, variables: Of) {
    await new EnvProcessor(root).process()
    return new Settings(variables)
  }

  /** Of each variable that is right, its value. */
  readonly env: Env<Values<Of>>
  #problems = new Map<string, string>()

  private constructor(private variables: Of) {
    const values: Record<string, unknown> = {}
    for (const [name, read] of Object.entries(variables)) {
      try {
        values[name] = read(name, process.env[name])
      } catch (error) {
        this.#problems.set(name, error.message)
      }
    }
    this.env = new Env(values as Values<Of>)
  }

  /** @throws E_WRONG_SETTINGS, which names each variable that is wrong. */
  demand() {
    const wrong = this.report().filter(({ problem }) => problem)
    if (wrong.length > 0) throw new E_WRONG_SETTINGS(wrong)
  }

  /** All variables in the order of their declaration. Values are not told: some are secret. */
  report(): VariableReport[] {
    return Object.entries(this.variables).map(
      ([name, { about, values = null, default: fallback, optional, with: condition }]) => ({
        name,
        about,
        values,
        default: fallback?.toString() ?? null,
        needed: optional || fallback !== undefined ? 'never' : (condition ?? 'always'),
        isSet: Boolean(process.env[name]),
        problem: this.#problems.get(name) ?? null,
      })
    )
  }
}
