import { listCommands } from '#providers/cli/index'
import CountersRepair from './counters_repair.js'
import CountersVerify from './counters_verify.js'

export const { getMetaData, getCommand } = listCommands([CountersVerify, CountersRepair])
