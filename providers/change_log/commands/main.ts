import { listCommands } from '#providers/cli/index'
import ChangesInstall from './changes_install.js'
import ChangesRelay from './changes_relay.js'
import ChangesRetry from './changes_retry.js'
import ChangesStatus from './changes_status.js'

export const { getMetaData, getCommand } = listCommands([ChangesInstall, ChangesStatus, ChangesRetry, ChangesRelay])
