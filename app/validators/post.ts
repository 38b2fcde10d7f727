import vine from '@vinejs/vine'
import { graphemes } from '#providers/validation/index'
import { altText } from '#validators/media'

const MAX_MEDIA = 20

const id = () => vine.string().uuid().toLowerCase()
const caption = () =>
  vine
    .string()
    .use(graphemes({ max: 2200 }))
    .trim()
const visibility = () => vine.enum(['public', 'followers'] as const)

export const createPostValidator = vine.create({
  // In one case before they are compared: distinct() comes before the items are read.
  mediaIds: vine.array(id()).minLength(1).maxLength(MAX_MEDIA).distinct().parse(lowerCased),
  caption: caption().optional(),
  visibility: visibility().optional(),
})

export const editPostValidator = vine.create({
  caption: caption().optional(),
  visibility: visibility().optional(),
  altTexts: vine
    .array(vine.object({ id: id(), altText: altText() }))
    .maxLength(MAX_MEDIA)
    .distinct('id')
    .optional(),
})

export const pageValidator = vine.create({
  limit: vine.number().withoutDecimals().min(1).max(100).optional(),
  cursor: id().optional(),
})

export const gridValidator = vine.create({
  limit: vine.number().withoutDecimals().min(1).max(100).optional(),
  cursor: id().optional(),
  archived: vine.boolean().optional(),
})

function lowerCased(ids: unknown): unknown {
  return Array.isArray(ids) ? ids.map((each) => (typeof each === 'string' ? each.toLowerCase() : each)) : ids
}
