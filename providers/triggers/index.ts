export { keepAroundMigrations, type Kept } from './migrations.js'
export { columnsOf, literal, quote, Triggers, type Client, type Trigger } from './triggers.js'
