import type { Album } from '#models/album'
import { transformPost } from '#transformers/post_transformer'

type Post = ReturnType<typeof transformPost>
type Medium = Post['media'][number]

/** An album as the page at `/` shows it. */
export function transformForHome(album: Album) {
  const post = transformPost(album, null)
  const [cover, ...rest] = post.media.map(pictures)
  const time = new Date(post.createdAt)
  return {
    ...post,
    cover,
    rest,
    avatar: post.author.avatar && urlOf(post.author.avatar, 'square'),
    time: time.toISOString(),
    day: time.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
  }
}

function pictures({ altText, dominantColor, variants }: Medium) {
  return {
    altText: altText ?? '',
    dominantColor,
    square: urlOf(variants, 'square'),
    medium: urlOf(variants, 'medium'),
    full: urlOf(variants, 'full'),
  }
}

function urlOf(variants: Medium['variants'], name: string) {
  return variants.find((each) => each.name === name && each.format === 'webp')!.url
}
