import { randomSuite } from '#tests/suites/nested_set/random'
import { sqlite } from './place.js'

randomSuite(sqlite)
