import { availableParallelism } from 'node:os'
import hash from '@adonisjs/core/services/hash'
import { Gate } from '#providers/gate/index'

/** As many at once as the cores bear; the others wait, and beyond that are turned away. */
const gate = new Gate({ name: 'passwords', capacity: availableParallelism(), queue: 64, retryAfter: 2 })

let common: Promise<Set<string>> | undefined
let nobodys: Promise<string> | undefined

export const Password = {
  hash(password: string): Promise<string> {
    return gate.run(() => hash.make(password.normalize('NFKC')))
  },

  /** Takes as long for an account that does not exist, so that the time tells nothing. */
  async matches(hashed: string | undefined, password: string): Promise<boolean> {
    const against = hashed ?? (await (nobodys ??= hash.make('nobody has this one')))
    const matches = await gate.run(() => hash.verify(against, password.normalize('NFKC')))
    return matches && hashed !== undefined
  },

  async isCommon(password: string): Promise<boolean> {
    common ??= import('@zxcvbn-ts/language-common').then(
      ({ dictionary }) => new Set(dictionary['passwords-common'].map(String))
    )
    const word = password.normalize('NFKC').toLowerCase()
    return (await common).has(word) || /^(.{1,4})\1+$/.test(word)
  },
}
