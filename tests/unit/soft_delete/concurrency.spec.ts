import { concurrencySuite } from '#tests/suites/soft_delete/concurrency'
import { sqlite } from './place.js'

concurrencySuite(sqlite)
