export { defineConfig, type EnvelopeConfig } from './define_config.js'
export { Envelope } from './envelope.js'
