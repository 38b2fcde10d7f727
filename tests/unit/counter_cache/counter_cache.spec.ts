import { counterCacheSuite } from '#tests/suites/counter_cache'

counterCacheSuite()
