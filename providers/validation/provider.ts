import { HttpRequest } from '@adonisjs/core/http'
import type { ApplicationService } from '@adonisjs/core/types'
import vine from '@vinejs/vine'
import { Messages } from './messages.js'
import { refuseStrangeInput } from './strict.js'
import { normalized } from './text.js'

/**
 * Makes `request.validateUsing()` strict: a write is validated by its JSON body alone and a read by its query string, and
 * what VineJS lets through is refused first: what is beyond the limits, fields that the schema does not name, and text that
 * PostgreSQL cannot keep. Text is validated, and handed on, in its composed form. Messages name each item of an array.
 */
export default class ValidationProvider {
  constructor(protected app: ApplicationService) {}

  boot() {
    vine.messagesProvider = new Messages()
    const { validateUsing } = HttpRequest.prototype

    HttpRequest.macro('validateUsing', function (this: HttpRequest, validator: any, options: any = {}) {
      const reads = ['GET', 'HEAD'].includes(this.method())
      const data = options.data ?? (reads ? this.qs() : this.body())
      refuseStrangeInput(data, validator.toJSONSchema(), { closed: !reads })
      return validateUsing.call(this, validator, { ...options, data: normalized(data) })
    } as typeof validateUsing)
  }
}
