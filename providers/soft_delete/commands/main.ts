import { listCommands } from '#providers/cli/index'
import TrashPurge from './trash_purge.js'

export const { getMetaData, getCommand } = listCommands([TrashPurge])
