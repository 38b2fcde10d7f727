import { test } from '@japa/runner'
import { hashtagKey, textEntities } from '#models/text_entities'

const hashtags = (text: string) => [...textEntities(text).hashtags.values()]
const usernames = (text: string) => textEntities(text).usernames

test.group('Hashtags of a text', () => {
  test('are found in any script, with emoji, in their order', ({ assert }) => {
    const text = '#사진 at #café, #日本語。#🌊sea (#sea_side) #1st #👨‍👩‍👧‍👦 #🇮🇸 #می‌خواهم ＃全角 #हिन्दी! #a.b'
    const found = ['사진', 'café', '日本語', '🌊sea', 'sea_side', '1st', '👨‍👩‍👧‍👦', '🇮🇸', 'می‌خواهم', '全角', 'हिन्दी', 'a']
    assert.deepEqual(hashtags(text), found)
    assert.deepEqual(hashtags('❤️#sea\n#sky'), ['sea', 'sky'])
  })

  test('are none within a word or an address, of digits only, or without a name', ({ assert }) => {
    for (const text of [
      ...['a#b', 'é#b', 'e\u0301#b', '日本#b', '1#2b', '_#b', '##b', '&#39;', '@#b', 'x/#y'],
      ...['https://x/#y', 'https://example.org/?a=#y', 'see www.example.org/?a=#y'],
      ...['#', '# b', '#12', '#１２', '#__', '#-b', '#\uFE0F\u20E3', '#\u200Db', '#!'],
    ])
      assert.deepEqual(hashtags(text), [], text)
    assert.deepEqual(hashtags('https://例え.jp/#y #b'), ['b'])
    assert.deepEqual(hashtags('「https://example.org/#y」#b'), ['b'])
  })

  test('are the same in any case and form, and keep the first one', ({ assert }) => {
    const { hashtags: found } = textEntities('#Café #CAFÉ #cafe\u0301 #ＣＡＦÉ #Straße #STRASSE #❤️ #❤')
    assert.deepEqual([...found.values()], ['Café', 'Straße', '❤️'])
    assert.deepEqual([...found.keys()], ['café', 'strasse', '❤'])
    assert.equal(hashtagKey('CAFE\u0301'), 'café')
  })

  test('have 100 characters at most, as people count them, and fit into their column', ({ assert }) => {
    const [wave, family] = ['🌊', '👨‍👩‍👧‍👦']
    assert.deepEqual(hashtags(`#${wave.repeat(100)} #${'x'.repeat(100)}`), [wave.repeat(100), 'x'.repeat(100)])
    for (const name of ['x'.repeat(101), wave.repeat(101), family.repeat(50), 'ﷺ'.repeat(50)])
      assert.deepEqual(hashtags(`#${name}`), [], name)
  })

  test('are 30 at most, each counted once', ({ assert }) => {
    const many = Array.from({ length: 40 }, (_, index) => `#tag${index} #TAG${index}`).join(' ')
    assert.deepEqual(
      hashtags(many),
      Array.from({ length: 30 }, (_, index) => `tag${index}`)
    )
  })
})

test.group('Mentions of a text', () => {
  test('are names as they are compared, without the dot that ends a sentence', ({ assert }) => {
    assert.deepEqual(usernames('Hello @Ada, ＠BERT. (@민준씨) .@zoë.k... @ADA @1st @a_b!'), [
      ...['ada', 'bert', '민준씨', 'zoë.k', '1st', 'a_b'],
    ])
  })

  test('are none within a word or an address, of people elsewhere, or of names that nobody has', ({ assert }) => {
    for (const text of [
      ...['mail@example.org', 'x@ada', 'é@ada', '@@ada', '#@ada', 'https://ada:x@host.org', 'https://x.org/@ada'],
      ...['x.org/@ada', '@ada@example.org', '@ad', '@ad.', '@_ada', '@.ada', '@', '@ ada', `@${'a'.repeat(31)}`],
    ])
      assert.deepEqual(usernames(text), [], text)
    assert.deepEqual(usernames(`@${'a'.repeat(30)}`), ['a'.repeat(30)])
  })

  test('are 20 at most', ({ assert }) => {
    const many = Array.from({ length: 30 }, (_, index) => `@ada${index} @Ada${index}`).join(' ')
    assert.deepEqual(
      usernames(many),
      Array.from({ length: 20 }, (_, index) => `ada${index}`)
    )
  })

  test('are found fast in the longest and worst of texts', ({ assert }) => {
    const worst = ['\u0301', '#', '@', '#1', '@a', '@a.', '#a#', ':/', 'www.', '#\u200D', 'a\u0301@', '#🌊\u200D']
    for (const text of worst) {
      const began = performance.now()
      textEntities(text.repeat(35_200 / text.length))
      assert.isBelow(performance.now() - began, 200, text)
    }
  })
})
