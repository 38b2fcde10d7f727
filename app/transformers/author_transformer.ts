import Type, { type Static } from 'typebox'
import type { Author } from '#models/album'
import { transformVariants, variantsSchema } from '#transformers/media_transformer'
import { closed, Id, nullable } from '#transformers/schema'

export const authorSchema = closed(
  { id: Id, username: Type.String(), name: nullable(Type.String()), avatar: nullable(variantsSchema) },
  'Author'
)

/** A face beside a text is small: of the variants that the profile has, the square ones. The others were a third of a feed. */
export function transformAuthor({ avatar, ...author }: Author): Static<typeof authorSchema> {
  if (!avatar) return { ...author, avatar }
  const variants = avatar.variants.filter(({ name }) => name === 'square')
  return { ...author, avatar: transformVariants({ ...avatar, variants }, { isPublic: true }) }
}
