export { ProgressBar, type ProgressBarOptions } from './progress_bar.js'
export { listCommands, PluginCommand } from './plugin_command.js'
