import { test } from '@japa/runner'
import { skeletonOf } from '#providers/validation/index'

test.group('The skeleton of a name', () => {
  test('is the same for names that look alike in Latin, Cyrillic and Greek', ({ assert }) => {
    for (const [latin, ...others] of [
      ['copa', 'сора', 'ϲορα'],
      ['PAX.1', 'РАХ.1', 'ΡΑΧ.1'],
      ['oiav', 'оіаѵ', 'οιαν', '𝛐𝛊𝛂𝛎'],
      ['joë', 'јоё', 'joe\u0308'],
      ['김_copa', '김_сора'],
    ])
      for (const other of [latin, ...others]) assert.equal(skeletonOf(other), latin)
  })

  test('is the name itself where a letter is its script’s own', ({ assert }) => {
    for (const name of ['привет', 'Норт', 'вера', 'Ωμεγα', 'ада', '田中さん', 'آدا_1'])
      assert.equal(skeletonOf(name), name)
  })

  test('tells names of one script apart, and letters of Latin', ({ assert }) => {
    for (const [one, other] of [
      ['Iove', 'love'],
      ['O0', '00'],
      ['ΝΟ', 'νο'],
      ['ВО', 'во'],
    ])
      assert.notEqual(skeletonOf(one).toLowerCase(), skeletonOf(other).toLowerCase())
  })
})
