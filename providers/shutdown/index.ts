export { Drain, type DrainOptions } from './drain.js'
export { OpenStreams } from './open_streams.js'
