import vine from '@vinejs/vine'

const segmenter = new Intl.Segmenter()

/** Code units that one grapheme may take on average: enough for families of emoji, too few for towers of accents. */
const UNITS_A_GRAPHEME = 16

/**
 * Bounds a text by what people count as characters, where `maxLength` counts UTF-16 code units: "👩‍👩‍👧" is one and not eight.
 *
 *     vine.string().use(graphemes({ max: 2200 })).trim()
 *
 * Before `trim`, or a text would be taken that the description, which knows of no trimming, calls too long.
 */
export const graphemes = vine.createRule<{ max: number }>(
  (value, { max }, field) => {
    if (typeof value !== 'string' || countsAtMost(value, max)) return
    field.report('The {{ field }} field must not be longer than {{ max }} characters', 'graphemes', field, { max })
  },
  {
    toJSONSchema(schema, { max }) {
      const description = `At most ${max} characters, as people count them.`
      Object.assign(schema, { maxLength: max * UNITS_A_GRAPHEME, description })
    },
  }
)

/** The other end: a text of at least so many characters, where `minLength` takes five emoji for ten. */
export const minGraphemes = vine.createRule<number>(
  (value, min, field) => {
    if (typeof value !== 'string' || countsMore(value, min - 1)) return
    field.report('The {{ field }} field must have at least {{ min }} characters', 'minGraphemes', field, { min })
  },
  { toJSONSchema: (schema, min) => void Object.assign(schema, { minLength: min }) }
)

/**
 * Whether a text has no more characters than given, as people count them. It does not count for long: no further than
 * `max`, and not at all in a text of far too many code units.
 */
export function countsAtMost(text: string, max: number): boolean {
  if (text.length <= max) return true
  return text.length <= max * UNITS_A_GRAPHEME && !countsMore(text, max)
}

function countsMore(text: string, count: number): boolean {
  return !segmenter.segment(text)[Symbol.iterator]().drop(count).next().done
}
