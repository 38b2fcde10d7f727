import { defineConfig } from '@adonisjs/core/bodyparser'
import { inputLimits } from '#providers/validation/index'

/**
 * JSON is all that the stock parser reads. It dies of some multipart bodies, so no route may run it on one:
 * uploads are read by providers/media.
 */
export default defineConfig({
  allowedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  json: { limit: inputLimits.bodyBytes, convertEmptyStringsToNull: false, types: ['application/json'] },
  form: { types: [] },
  raw: { types: [] },
  multipart: { types: [], autoProcess: false },
})
