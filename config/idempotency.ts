import { defineConfig } from '#providers/idempotency/index'

/** Whose a key is: of the account; and where somebody logs in or signs up, of the name that they give. */
const idempotencyConfig = defineConfig({
  account: ({ auth }) => auth.user?.id,
  guest: ({ request }) => JSON.stringify(request.input('login', request.input('username'))) ?? '',
})

export default idempotencyConfig
