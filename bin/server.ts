import { exitWith } from './boot_error.js'
import { ignitor } from './ignitor.js'

await ignitor().httpServer().start().catch(exitWith)
