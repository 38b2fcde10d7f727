import { writingSuite } from '#tests/suites/soft_delete/writing'
import { sqlite } from './place.js'

writingSuite(sqlite)
