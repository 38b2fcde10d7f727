import vine from '@vinejs/vine'

const segmenter = new Intl.Segmenter()

/** Code units that one grapheme may take on average: enough for families of emoji, too few for towers of accents. */
const UNITS_A_GRAPHEME = 16

/**
 * Bounds a text by what people count as characters, where `maxLength` counts UTF-16 code units: "👩‍👩‍👧" is one and not eight.
 *
 *     vine.string().use(graphemes({ max: 2200 }))
 */
export const graphemes = vine.createRule<{ max: number }>(
  (value, { max }, field) => {
    if (typeof value !== 'string' || value.length <= max) return
    const fits = value.length <= max * UNITS_A_GRAPHEME && [...segmenter.segment(value)].length <= max
    if (!fits)
      field.report('The {{ field }} field must not be longer than {{ max }} characters', 'graphemes', field, { max })
  },
  {
    toJSONSchema(schema, { max }) {
      const description = `At most ${max} characters, as people count them.`
      Object.assign(schema, { maxLength: max * UNITS_A_GRAPHEME, description })
    },
  }
)
