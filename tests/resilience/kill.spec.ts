import { deployLocally } from '#tests/server/local_deployment'
import { killedServer } from '#tests/suites/killed_server'

killedServer('SQLite and local files', deployLocally, { rounds: 4 })
