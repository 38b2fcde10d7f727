import { SimpleMessagesProvider } from '@vinejs/vine'
import { fields, messages } from '@vinejs/vine/defaults'
import type { FieldContext } from '@vinejs/vine/types'

/** What VineJS says, with the items of an array called by their paths: "The mediaIds.0 field", not "The 0 field". */
export class Messages extends SimpleMessagesProvider {
  constructor() {
    super(messages, fields)
  }

  getMessage(text: string, rule: string, field: FieldContext, args?: Record<string, any>) {
    const named = field.isArrayMember ? { ...field, name: field.getFieldPath() } : field
    return super.getMessage(text, rule, named, args)
  }
}
