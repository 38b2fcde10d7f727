import { listCommands } from '#providers/cli/index'
import OpenApiExport from './openapi_export.js'

export const { getMetaData, getCommand } = listCommands([OpenApiExport])
