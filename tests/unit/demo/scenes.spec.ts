import { test } from '@japa/runner'
import sharp from 'sharp'
import { albums, people } from '#database/demo/people'
import { paint, sceneNames } from '#database/demo/scenes'

const SIZES = ['1440x960', '960x1440', '1200x1200']

async function thumbnail(picture: Buffer) {
  return sharp(picture).resize(24, 24, { fit: 'fill' }).removeAlpha().raw().toBuffer()
}

function difference(one: Buffer, other: Buffer) {
  return one.reduce((sum, value, index) => sum + Math.abs(value - other[index]), 0) / one.length
}

/** How well a pixel foretells its right neighbour (Pearson), and the brightness of the darkest and lightest hundredth. */
async function grain(picture: Buffer) {
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true })
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  let [shared, own] = [0, 0]
  for (let at = 0; at < data.length - 1; at++) {
    if ((at + 1) % info.width === 0) continue
    shared += (data[at] - mean) * (data[at + 1] - mean)
    own += (data[at] - mean) ** 2
  }
  const sorted = Uint8Array.from(data).sort()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]
  return { correlation: shared / own, range: at(0.99) - at(0.01) }
}

test.group('Demo scenes', () => {
  for (const scene of sceneNames) {
    test(`${scene}: looks like a photograph and not like noise`, async ({ assert }) => {
      const picture = await paint(scene, 1)
      const { width, height, format } = await sharp(picture).metadata()
      const { correlation, range } = await grain(picture)

      assert.equal(format, 'jpeg')
      assert.include(SIZES, `${width}x${height}`)
      assert.isBelow(picture.length, 400_000)
      assert.isAbove(correlation, 0.9)
      assert.isAbove(range, 60)
    })

    test(`${scene}: is the same for a seed and another for the next`, async ({ assert }) => {
      const [picture, again, next] = [await paint(scene, 2), await paint(scene, 2), await paint(scene, 3)]

      assert.isTrue(picture.equals(again))
      assert.isAbove(difference(await thumbnail(picture), await thumbnail(next)), 12)
    })
  }
})

test.group('Demo people', () => {
  const pictures = albums.flatMap((album) => album.pictures)

  test('have usernames of their own and fictional websites', ({ assert }) => {
    const usernames = people.map((person) => person.username)

    assert.equal(new Set(usernames.map((name) => name.toLowerCase())).size, usernames.length)
    for (const { username, website, avatar } of people) {
      assert.match(username, /^[a-z0-9_]{2,30}$/)
      assert.match(new URL(website).hostname, /(^|\.)example\.(com|org)$/)
      assert.include(sceneNames, avatar.scene)
    }
  })

  test('publish albums that the server takes', ({ assert }) => {
    for (const { author, caption, daysAgo, pictures: inAlbum } of albums) {
      assert.isTrue(people.some(({ username }) => username === author))
      assert.isAtMost(caption.length, 2200)
      assert.isAtLeast(inAlbum.length, 1)
      assert.isAtMost(inAlbum.length, 20)
      assert.isAbove(daysAgo, 0)
    }
    assert.isTrue(people.every(({ username }) => albums.some(({ author }) => author === username)))
  })

  test('describe every picture and use none twice', ({ assert }) => {
    const seen = pictures.map(({ scene, seed }) => `${scene} ${seed}`)

    assert.equal(new Set(seen).size, seen.length)
    for (const { altText, focalPoint = { x: 0.5, y: 0.5 } } of pictures) {
      assert.isAbove(altText.length, 10)
      assert.isTrue(Object.values(focalPoint).every((place) => place >= 0 && place <= 1))
    }
  })

  test('show something of everything: followers only, archived, pinned, every scene', ({ assert }) => {
    assert.isTrue(albums.some(({ visibility }) => visibility === 'followers'))
    assert.lengthOf(
      albums.filter(({ archived }) => archived),
      1
    )
    assert.isTrue(albums.some(({ pinned }) => pinned))
    assert.sameMembers([...new Set(pictures.map(({ scene }) => scene))], sceneNames)
  })
})
