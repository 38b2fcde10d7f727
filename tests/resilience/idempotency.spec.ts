import { Installation } from '#tests/server/installation'
import { idempotencyKills } from '#tests/suites/idempotency/kills'

idempotencyKills('SQLite', async () => {
  const installation = await Installation.create()
  return { installation, [Symbol.asyncDispose]: () => installation[Symbol.asyncDispose]() }
})
