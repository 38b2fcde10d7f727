import { concurrencySuite } from '#tests/suites/nested_set/concurrency'
import { sqlite } from './place.js'

concurrencySuite(sqlite)
