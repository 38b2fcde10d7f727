import { readingSuite } from '#tests/suites/soft_delete/reading'
import { sqlite } from './place.js'

readingSuite(sqlite)
