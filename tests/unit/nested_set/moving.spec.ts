import { movingSuite } from '#tests/suites/nested_set/moving'
import { sqlite } from './place.js'

movingSuite(sqlite)
