import { isIPv6 } from 'node:net'
import { errors } from '@adonisjs/limiter'
import limiter from '@adonisjs/limiter/services/main'
import { limits } from '#config/limiter'
import { folded } from '#models/folded'

/** How often somebody may try to log in or to sign up: counted by where they come from, and by whose account it is. */
export const Attempts = {
  async signUp<Result>(address: string, account: { username: string; email: string }, work: () => Promise<Result>) {
    await limiter.use(limits.signUpsPerAddress).consume(`sign-up:${network(address)}`)
    await limiter.use(limits.signUpsPerAccount).consume(`sign-up:${folded(account.email)}`)
    return work()
  },

  /** Only what fails counts against the account, so that its owner is not locked out by using it. */
  async logIn<Result>(address: string, login: string, work: () => Promise<Result | null>): Promise<Result | null> {
    await limiter.use(limits.logInsPerAddress).consume(`log-in:${network(address)}`)
    const failures = limiter.use(limits.failedLogInsPerAccount)
    const key = `log-in:${folded(login)}`
    const sofar = await failures.get(key)
    if (sofar && sofar.remaining <= 0) throw new errors.E_TOO_MANY_REQUESTS(sofar)

    const result = await work()
    if (result === null) await failures.increment(key)
    return result
  },
}

/** Whoever has one address of IPv6 has the 2^64 beside it too. */
function network(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head, tail = ''] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const missing = 8 - groups.length - tail.split(':').filter(Boolean).length
  return [...groups, ...Array(Math.max(missing, 0)).fill('0'), ...tail.split(':')].slice(0, 4).join(':')
}
