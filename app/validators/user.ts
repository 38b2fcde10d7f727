import vine from '@vinejs/vine'
import { folded, foldedSkeleton } from '#models/folded'
import { type Scope, SCOPES } from '#models/scope'
import { Password } from '#models/password'
import { graphemes, minGraphemes, oneScript, visible } from '#providers/validation/index'

const RESERVED = new Set(
  `about account accounts admin administrator api archive assets auth avatar blocks bookmarks calotype comments contact
   docs everyone explore feed files follow followers following guest health help home hashtags here legal login logout me
   media metrics moderator moderators mutes new nobody notifications null oauth official openapi password posts privacy
   profile public register reports root search security session sessions settings signin signup staff static status
   stream suggestions support system team terms undefined uploads user username users www`.split(/\s+/)
)

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.]*$/u
/** Of code points, of which a character may have many when it is folded. */
const COLUMN_WIDTHS = { username: 120, email: 508 }

const plain = vine.createRule((value, _, field) => {
  if (typeof value !== 'string' || NAME.test(folded(value))) return
  field.report('The {{ field }} holds characters that stand for words or signs: write it in letters', 'plain', field)
})

const keepable = vine.createRule<number>((value, most, field) => {
  if (typeof value !== 'string' || [...folded(value)].length <= most) return
  field.report(
    'The {{ field }} holds characters that stand for too many others: write it in letters',
    'keepable',
    field
  )
})

const notReserved = vine.createRule((value, _, field) => {
  if (typeof value === 'string' && RESERVED.has(foldedSkeleton(value))) {
    field.report('The {{ field }} is one that the server keeps for itself: choose another', 'reserved', field)
  }
})

const notCommon = vine.createRule(async (value, _, field) => {
  if (typeof value === 'string' && (await Password.isCommon(value))) {
    field.report('The {{ field }} is among the first that anyone would guess: choose another', 'common', field)
  }
})

const username = () =>
  vine
    .string()
    .maxLength(30)
    .trim()
    .use(minGraphemes(3))
    .regex(NAME)
    .use(visible())
    .use(plain())
    .use(keepable(COLUMN_WIDTHS.username))
    .use(oneScript())
    .use(notReserved())

const email = () => vine.string().maxLength(254).trim().email().use(keepable(COLUMN_WIDTHS.email))

export const password = () => vine.string().maxLength(256).use(minGraphemes(10)).use(notCommon())

export const signUpValidator = vine.create({ username: username(), email: email(), password: password() })

export const namesValidator = vine.create({ username: username().optional(), email: email().optional() })

export const editUserValidator = vine.create({
  username: username().optional(),
  email: email().optional(),
  isPrivate: vine.boolean({ strict: true }).optional(),
})

export const changePasswordValidator = vine.create({
  currentPassword: vine.string().maxLength(256),
  password: password(),
})

export const newPasswordValidator = vine.create({ password: password() })

export const editProfileValidator = vine.create({
  name: vine
    .string()
    .use(graphemes({ max: 60 }))
    .trim()
    .nullable()
    .optional(),
  bio: vine
    .string()
    .use(graphemes({ max: 500 }))
    .trim()
    .nullable()
    .optional(),
  website: vine
    .string()
    .maxLength(300)
    .trim()
    .url({ protocols: ['http', 'https'], require_protocol: true, require_tld: true })
    .nullable()
    .optional(),
  pronouns: vine
    .string()
    .use(graphemes({ max: 40 }))
    .trim()
    .nullable()
    .optional(),
})

const scope = () => vine.enum(Object.keys(SCOPES) as Scope[])

export const tokenValidator = vine.create({
  scopes: vine.array(scope()).minLength(1).distinct(),
  days: vine.number().withoutDecimals().min(1).max(3650),
  device: vine.string().maxLength(100).trim(),
})

export const logInValidator = vine.create({
  login: vine.string().maxLength(254).trim(),
  password: vine.string().maxLength(256),
  device: vine.string().maxLength(100).trim().nullable().optional(),
  scopes: vine.array(scope()).minLength(1).maxLength(3).distinct().optional(),
})

export const roleValidator = vine.create({ role: vine.enum(['member', 'admin'] as const) })
