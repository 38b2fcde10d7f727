import vine from '@vinejs/vine'

const lettersOf = (script: string) => new RegExp(`\\p{Script=${script}}`, 'u')

/** Scripts whose letters look like those of one another. Any others may stand together, as Korean, Japanese and Chinese do. */
const OTHERS = ['Cyrillic', 'Greek', 'Armenian', 'Coptic', 'Cherokee', 'Lisu'].map(lettersOf)
const ALIKE = [lettersOf('Latin'), ...OTHERS]

/** One shape each: the letter of Latin, then those of Cyrillic and of Greek. */
const SHAPES = [
  ...['aаα', 'cсϲ', 'dԁ', 'eе', 'hһ', 'iіι', 'jј', 'oоο', 'pрρ', 'qԛ', 'sѕ', 'uυ', 'vѵν', 'wԝ', 'xх', 'yуγ'],
  ...[
    'AАΑ',
    'BВΒ',
    'CСϹ',
    'EЕΕ',
    'HНΗ',
    'IІΙ',
    'JЈ',
    'KКΚ',
    'MМΜ',
    'NΝ',
    'OОΟ',
    'PРΡ',
    'SЅ',
    'TТΤ',
    'XХΧ',
    'YУΥ',
    'ZΖ',
  ],
]
const LATIN = new Map(SHAPES.flatMap(([latin, ...others]) => others.map((other) => [other, latin])))

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
 * What all names that look the same have in common (UTS 39's skeleton): of "сора", all Cyrillic, it is "copa". Together with
 * `oneScript` that is all that can be taken for a name, as far as the letters of Latin, Cyrillic and Greek go.
 *
 * Compare skeletons without regard to case. Two names of one script that differ then are no longer told apart where they look
 * like one of Latin: "НОО" and "һоо" both look like a "hoo".
 *
 * @param name of one script.
 * @returns the name in Latin; the name itself as soon as one letter is its script's own.
 */
export function skeletonOf(name: string): string {
  const latin = inLatin(inLatin(name.normalize('NFD')).normalize('NFKD')).normalize('NFKC')
  return OTHERS.some((script) => script.test(latin)) ? name : latin
}

function inLatin(name: string): string {
  return Array.from(name, (letter) => LATIN.get(letter) ?? letter).join('')
}
