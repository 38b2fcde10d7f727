import { commitsSuite } from './commits.js'
import { deliveringSuite } from './delivering.js'
import { killsSuite } from './kills.js'
import { randomSuite } from './random.js'
import type { Place } from './stage.js'
import { tellingSuite } from './telling.js'
import { triggersSuite } from './triggers.js'

/** What the change log promises, whatever the database. */
export function changeLogSuite(place: Place) {
  for (const suite of [tellingSuite, commitsSuite, deliveringSuite, triggersSuite, randomSuite, killsSuite])
    suite(place)
}
