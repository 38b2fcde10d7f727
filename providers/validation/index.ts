export { refuseStrangeInput } from './strict.js'
export { graphemes } from './graphemes.js'
