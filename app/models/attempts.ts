import { errors } from '@adonisjs/limiter'
import limiter from '@adonisjs/limiter/services/main'
import { failedLogIns, signUpsPerEmail } from '#config/limiter'
import { folded } from '#models/folded'
import { networkOf } from '#providers/addresses/index'

/** How often somebody may try to log in or to sign up by one name. What an address may try is counted before. */
export const Attempts = {
  async signUp<Result>(account: { email: string }, work: () => Promise<Result>) {
    await limiter.use(signUpsPerEmail).consume(`sign-up:${folded(account.email)}`)
    return work()
  },

  /** Only what fails counts, so that owners are not locked out by using their account. */
  async logIn<Result>(address: string, login: string, work: () => Promise<Result | null>): Promise<Result | null> {
    const name = `log-in:${folded(login)}`
    const tries = `${name}:${networkOf(address)}`
    await refuse(limiter.use(failedLogIns.name), name)
    await takeTurn(tries)

    const result = await work()
    if (result === null) await limiter.use(failedLogIns.name).increment(name)
    else await forget(tries)
    return result
  },
}

const turnOf = (tries: string) => `${tries}:turn`

/** Counts before the password is looked at: of many guesses sent at once only the first ones are looked at. */
async function takeTurn(tries: string) {
  const turns = limiter.use(failedLogIns.turn)
  await refuse(turns, turnOf(tries))
  const { consumed } = await limiter.use(failedLogIns.from).increment(tries)
  if (consumed <= failedLogIns.free) return

  await turns.consume(turnOf(tries))
  await turns.set(turnOf(tries), 1, waitAfter(consumed))
}

/** Seconds until the next try, after as many. */
function waitAfter(consumed: number): number {
  const { first, longest } = failedLogIns.wait
  return Math.min(first * 2 ** (consumed - failedLogIns.free - 1), longest)
}

async function forget(tries: string) {
  await limiter.use(failedLogIns.from).delete(tries)
  await limiter.use(failedLogIns.turn).delete(turnOf(tries))
}

async function refuse(limit: ReturnType<typeof limiter.use>, key: string) {
  const sofar = await limit.get(key)
  if (sofar && sofar.remaining <= 0) throw new errors.E_TOO_MANY_REQUESTS(sofar)
}
