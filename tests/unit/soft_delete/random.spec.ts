import { randomSuite } from '#tests/suites/soft_delete/random'
import { sqlite } from './place.js'

randomSuite(sqlite)
