import vine from '@vinejs/vine'

/** Scripts whose letters look like those of one another. Any others may stand together, as Korean, Japanese and Chinese do. */
const ALIKE = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Coptic', 'Cherokee', 'Lisu'].map(
  (script) => new RegExp(`\\p{Script=${script}}`, 'u')
)

/** One shape each: the letter of Latin, of Cyrillic and of Greek, a dash where the script has none. */
const NONE = '–'
const SHAPES = [
  ...['aаα', 'cсϲ', 'dԁ–', 'eе–', 'hһ–', 'iіι', 'jј–', 'oоο', 'pрρ', 'qԛ–', 'sѕ–', 'u–υ', 'vѵν', 'wԝ–', 'xх–', 'yуγ'],
  ...[
    'AАΑ',
    'BВΒ',
    'CСϹ',
    'EЕΕ',
    'HНΗ',
    'IІΙ',
    'JЈ–',
    'KКΚ',
    'MМΜ',
    'N–Ν',
    'OОΟ',
    'PРΡ',
    'SЅ–',
    'TТΤ',
    'XХΧ',
    'YУΥ',
    'Z–Ζ',
  ],
]

/**
 * Refuses a name with characters that are not to be seen: fillers, selectors of variants, joiners. No script needs them for a
 * name to be read.
 *
 *     vine.string().use(visible())
 */
export const visible = vine.createRule((value, _, field) => {
  if (typeof value !== 'string' || !/\p{Default_Ignorable_Code_Point}/u.test(value)) return
  field.report('The {{ field }} holds a character that nobody sees: leave it out', 'invisible', field)
})

/**
 * Refuses a name whose letters are of several scripts that look alike: "аdmin" with a Cyrillic а, also where they are in a
 * form for compatibility, as those of mathematics. (The part of UTS 39's restriction levels that is about letters which are
 * taken for one another.)
 *
 *     vine.string().use(oneScript())
 */
export const oneScript = vine.createRule((value, _, field) => {
  if (typeof value !== 'string') return
  const letters = value.normalize('NFKC')
  if (ALIKE.filter((script) => script.test(letters)).length <= 1) return
  field.report('The {{ field }} mixes letters of scripts that look alike: write it in one', 'script', field)
})

/**
 * The names in other scripts that look the same: of "сора", all Cyrillic, "copa". Together with `oneScript` that is all
 * that can be taken for a name, as far as the letters of Latin, Cyrillic and Greek go.
 *
 * @param name of one script.
 * @returns at most two; none as soon as one letter is the script's own.
 */
export function twinsOf(name: string): string[] {
  const twins = [0, 1, 2].map((script) => [...name].map((letter) => twinOf(letter, script)))
  return twins
    .filter((letters) => !letters.includes(NONE))
    .map((letters) => letters.join(''))
    .filter((twin) => twin !== name)
}

/** The same shape in another script, a dash where it has none. What is no letter belongs to all of them. */
function twinOf(letter: string, script: number): string {
  if (!/\p{L}/u.test(letter)) return letter
  return SHAPES.find((shape) => shape.includes(letter))?.[script] ?? NONE
}
