export { ProgressBar, type ProgressBarOptions } from './progress_bar.js'
