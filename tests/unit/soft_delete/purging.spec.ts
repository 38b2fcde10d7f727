import { purgingSuite } from '#tests/suites/soft_delete/purging'
import { sqlite } from './place.js'

purgingSuite(sqlite)
