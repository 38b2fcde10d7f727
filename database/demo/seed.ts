import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DateTime } from 'luxon'
import Media from '#models/media'
import Post from '#models/post'
import User from '#models/user'
import { ProgressBar } from '#providers/cli/index'
import media from '#providers/media/service'
import { albums, PASSWORD, people, type DemoAlbum, type DemoPicture } from './people.js'
import { paint } from './scenes.js'

/** Lies there while the demo is being filled in: a run that was interrupted is taken up by the next one. */
const UNFINISHED = 'storage/demo-unfinished'

/** Painting keeps one core busy, encoding the other. */
const AT_ONCE = 3

/**
 * Fills in the demo's people and albums, through the same doors as everyone's photographs.
 *
 * @returns how many albums are new; none where there are users already.
 */
export async function seedDemo(): Promise<number> {
  const isUnfinished = existsSync(UNFINISHED)
  if (!isUnfinished && (await User.first())) return 0

  await mkdir(path.dirname(UNFINISHED), { recursive: true })
  await writeFile(UNFINISHED, '')
  const created = await seedAll()
  await rm(UNFINISHED)
  return created
}

async function seedAll(): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'calotype-demo-'))
  const missing = await albumsThatAreMissing()
  const total = people.length + missing.reduce((sum, { pictures }) => sum + pictures.length, 0)
  const bar = new ProgressBar({ total, label: 'Taking photographs' })
  try {
    for (const person of people) {
      await seedPerson(person, folder)
      bar.advance()
    }
    for (const [place, { username }] of people.entries()) await follow(username, people.at(place - 1)!.username)
    // The oldest first: ids tell the order.
    for (const album of missing.toSorted((one, other) => other.daysAgo - one.daysAgo)) {
      await seedAlbum(album, folder, () => bar.advance())
    }
    return missing.length
  } finally {
    bar.finish()
    await rm(folder, { recursive: true, force: true })
  }
}

async function albumsThatAreMissing(): Promise<DemoAlbum[]> {
  const posts = await Post.query().preload('author')
  const there = new Set(posts.map(({ author, caption }) => `${author.username}\n${caption}`))
  return albums.filter(({ author, caption }) => !there.has(`${author}\n${caption}`))
}

async function seedPerson({ username, avatar, ...profile }: (typeof people)[number], folder: string) {
  const known = await User.findBy('usernameKey', username)
  const user = known ?? (await User.signUp({ username, email: `${username}@example.org`, password: PASSWORD }))
  await user.load('profile')
  if (user.profile.avatarId) return
  await user.profile.merge(profile).save()
  await user.profile.replaceAvatar(await photograph(user, { ...avatar, altText: profile.name }, folder))
}

async function follow(username: string, other: string) {
  const user = await User.findByUsername(username)
  await user.follow(await User.findByUsername(other))
}

async function seedAlbum({ author, pictures, ...album }: DemoAlbum, folder: string, advance: () => void) {
  const user = await User.findByUsername(author)
  const ids: string[] = []
  for (let start = 0; start < pictures.length; start += AT_ONCE) {
    const taken = pictures.slice(start, start + AT_ONCE).map(async (picture) => {
      const { id } = await photograph(user, picture, folder)
      advance()
      return id
    })
    ids.push(...(await Promise.all(taken)))
  }
  const post = await Post.publish(user, { mediaIds: ids, caption: album.caption, visibility: album.visibility })
  await post.merge({ createdAt: DateTime.utc().minus({ days: album.daysAgo }) }).save()
  if (album.pinned) await post.pin()
  if (album.archived) await post.archive()
}

async function photograph(
  user: User,
  { scene, seed, altText, focalPoint }: DemoPicture,
  folder: string
): Promise<Media> {
  const file = path.join(folder, `${scene}-${seed}.jpg`)
  await writeFile(file, await paint(scene, seed))
  return Media.upload(user, await media.picture(file, { focalPoint }), { altText, focalPoint })
}
