import vine from '@vinejs/vine'
import { graphemes } from '#providers/validation/index'

const text = () =>
  vine
    .string()
    .use(graphemes({ max: 2200 }))
    .trim()
    .minLength(1)

export const commentValidator = vine.create({ text: text() })

export const threadsValidator = vine.create({
  sort: vine.enum(['newest', 'oldest', 'top'] as const).optional(),
  limit: vine.number().withoutDecimals().min(1).max(100).optional(),
  cursor: vine.string().uuid().toLowerCase().optional(),
})
