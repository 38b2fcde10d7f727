import { mendingSuite } from '#tests/suites/nested_set/mending'
import { sqlite } from './place.js'

mendingSuite(sqlite)
