export type { CheckReport } from './check.js'
export { Health, type HealthOptions, type HealthReport } from './health.js'
