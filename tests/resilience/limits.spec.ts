import { limitsSuite } from '#tests/suites/limits'

limitsSuite('memory', () => ({ LIMITER_STORE: 'memory' }))
