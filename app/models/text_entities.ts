import { folded } from '#models/folded'
import { countsAtMost } from '#providers/validation/index'

export interface TextEntities {
  /** As they are first written in the text, by their key. */
  hashtags: Map<string, string>
  /** In the form in which names are compared, whoever has them. */
  usernames: string[]
}

const MAX_HASHTAGS = 30
const MAX_MENTIONS = 20
const MAX_HASHTAG_CHARACTERS = 100
/** Of code points, of which a character may have several, and its folded form more. */
const COLUMN_WIDTH = 255
const USERNAME_LENGTH = { min: 3, max: 30 }

const WORD = String.raw`\p{L}\p{M}\p{N}_`
const EMOJI = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u{E0020}-\u{E007F}`
const JOINED = String.raw`[\u200C\u200D](?=[${WORD}${EMOJI}])`

const URL = String.raw`(?::\/\/|\bwww\.)[^\s"<>、。，！？「」（）]*`
// The sign first: to look back from every character of a long run of accents would take for ever.
const START = String.raw`(?=[#＃@＠])(?<![\p{L}\p{N}_&\/#＃@＠]\p{M}*)`
const HASHTAG = String.raw`[#＃](?![\p{M}\u200C\u200D])(?<hashtag>(?:[${WORD}${EMOJI}]|${JOINED})+)`
const MENTION = String.raw`[@＠](?<username>[\p{L}\p{N}][${WORD}.]*)(?<host>[@＠]\S*)?`
const ENTITIES = new RegExp(`${URL}|${START}(?:${HASHTAG}|${MENTION})`, 'gu')

/** The `#hashtags` and `@mentions` of a text, each once, in their order: not those within a word or an address. */
export function textEntities(text: string): TextEntities {
  const hashtags = new Map<string, string>()
  const usernames = new Set<string>()
  for (const { groups = {} } of text.normalize('NFC').matchAll(ENTITIES)) {
    const { hashtag, username, host } = groups
    if (hashtag && isHashtag(hashtag)) addHashtag(hashtags, hashtag)
    if (username && !host) addUsername(usernames, username.replace(/\.+$/, ''))
  }
  return { hashtags, usernames: [...usernames] }
}

/** With or without the selector that asks for the picture of an emoji, which keyboards add as they please. */
export function hashtagKey(name: string): string {
  return folded(name).replaceAll(/[\uFE0E\uFE0F]/g, '')
}

function isHashtag(name: string): boolean {
  if (!/[\p{L}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(name)) return false
  if (!countsAtMost(name, MAX_HASHTAG_CHARACTERS)) return false
  return [name, hashtagKey(name)].every((each) => [...each].length <= COLUMN_WIDTH)
}

function addHashtag(hashtags: Map<string, string>, name: string) {
  const key = hashtagKey(name)
  if (hashtags.size < MAX_HASHTAGS && !hashtags.has(key)) hashtags.set(key, name)
}

function addUsername(usernames: Set<string>, name: string) {
  const { min, max } = USERNAME_LENGTH
  if (usernames.size < MAX_MENTIONS && name.length >= min && name.length <= max) usernames.add(folded(name))
}
