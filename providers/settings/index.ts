export { E_WRONG_SETTINGS } from './errors.js'
export { markdownOf } from './markdown.js'
export { Settings, type VariableReport } from './settings.js'
export { choice, variable, type Variable, type VariableOptions } from './variable.js'
