import { Exception } from '@adonisjs/core/exceptions'
import type { VariableReport } from './settings.js'

/** Thrown at boot: one line for each variable that is wrong, with what it is for. */
export class E_WRONG_SETTINGS extends Exception {
  static code = 'E_WRONG_SETTINGS'

  constructor(readonly wrong: VariableReport[]) {
    const lines = wrong.map(({ name, about, problem }) => `  ${name}: ${problem}\n    ${about}`)
    const settings = wrong.length === 1 ? 'A setting is wrong' : `${wrong.length} settings are wrong`
    super(`${settings}. Mend them in .env or in the environment; "node ace env:check" lists all.\n${lines.join('\n')}`)
  }

  /** Commands print it without a stack. */
  render() {
    console.error(this.message)
  }
}
