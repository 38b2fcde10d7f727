import vine from '@vinejs/vine'
import { graphemes } from '#providers/validation/index'

export const altText = () =>
  vine
    .string()
    .use(graphemes({ max: 1500 }))
    .trim()
    .nullable()

const share = () => vine.number({ strict: true }).min(0).max(1)
const focalPoint = () => vine.object({ x: share(), y: share() })

export const editMediumValidator = vine.create({ altText: altText().optional(), focalPoint: focalPoint().optional() })

/** The fields of a form are text: the focal point comes as `0.5,0.25`, or as the JSON that other requests send. */
export const uploadValidator = vine.create({
  altText: vine
    .string()
    .use(graphemes({ max: 1500 }))
    .trim()
    .optional(),
  focalPoint: focalPoint().parse(parseFocalPoint).optional(),
})

function parseFocalPoint(text: unknown): unknown {
  if (typeof text !== 'string') return text
  const [, x, y] = /^\s*([\d.]+)\s*,\s*([\d.]+)\s*$/.exec(text) ?? []
  if (x && y) return { x: Number(x), y: Number(y) }
  try {
    return JSON.parse(text)
  } catch {
    return text // which is no object, and refused as such
  }
}
