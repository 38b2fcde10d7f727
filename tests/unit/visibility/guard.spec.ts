import { test } from '@japa/runner'
import { ESLint } from 'eslint'
import { callsForNobody, sourcesIn, statementsForAnyone } from '#tests/unit/visibility/sources'

/** What a controller asks for without saying for whom, and why that shows nobody what they may not see. */
const FOR_NOBODY: Record<string, string> = {
  'Albums.newest': 'what everybody may see',
  'Attempts.logIn': 'counts tries',
  'Attempts.signUp': 'counts tries',
  'Media.visibilityOfFile': 'whether everybody may see it',
  'User.findWithProfile': 'the account that was made just now',
  'User.logIn': 'whose name and password were sent',
  'User.signUp': 'makes an account',
}

/** Statements that read rows of people and have another condition than the scope. */
const FOR_ANYONE: Record<string, string> = {
  'albums-archived': 'the own ones alone',
  'media-by-folder': 'whether everybody may see a file',
  'session-by-id': 'the account whose token was sent',
}

const BAD_CONTROLLER = `
import db from '@adonisjs/lucid/services/db'
import Post from '#models/post'
import User from '#models/user'

export default class SamplesController {
  async show({ params }: { params: { id: string } }) {
    await Post.find(params.id)
    await Post.findOrFail(params.id)
    await Post.query().where('id', params.id).first()
    await User.findByUsername(params.id)
    await User.all()
    const user = await User.findBlindly(params.id)
    await user.related('posts').query()
    await user.load('posts')
    return db.from('posts')
  }
}
`

const GOOD_CONTROLLER = `
import { Albums } from '#models/album'
import Post from '#models/post'
import User from '#models/user'

export default class SamplesController {
  async show({ auth, params }: any) {
    const posts = await Promise.all([Post.findVisible(params.id, auth.user), Albums.find(params.id, auth.user)])
    const user = await User.visibleTo(auth.user).where('id', params.id).firstOrFail()
    return [posts.find(Boolean), user]
  }
}
`

const BAD_MODEL = `
import { visiblePost } from '#models/visibility'
const FROM = 'select id from posts'
const among = (ids: string) => \`\${FROM} where id in (\${ids})\`
const leaking = new Statement('leaking', { postgres: among(':ids'), sqlite: among(':ids') })
const careful = new Statement('careful', \`\${among(':ids')} and \${visiblePost('posts')}\`)
const tags = new Statement('tags', 'select name from hashtags')
`

const isGuarding = ({ ruleId }: { ruleId: string | null }) =>
  ['no-restricted-syntax', '@typescript-eslint/no-restricted-imports'].includes(ruleId!)

async function refusedLines(code: string, filePath: string) {
  const [{ messages }] = await new ESLint().lintText(code, { filePath })
  return messages.filter(isGuarding).map(({ line }) => code.split('\n')[line - 1].trim())
}

test.group('A controller that goes around what the viewer may see', () => {
  test('is refused by the linter, in each folder that finds nothing by itself', async ({ assert }) => {
    const lines = BAD_CONTROLLER.split('\n').map((line) => line.trim())
    const around = lines.filter((line) => /^(await|import db)/.test(line))
    assert.lengthOf(around, 8)
    for (const name of ['samples_controller', 'files_controller', 'health_controller'])
      assert.sameMembers(await refusedLines(BAD_CONTROLLER, `app/controllers/${name}.ts`), around)
    const inTransformer = await refusedLines(BAD_CONTROLLER, 'app/transformers/sample_transformer.ts')
    assert.includeMembers(inTransformer, around)
    assert.isEmpty(await refusedLines(GOOD_CONTROLLER, 'app/controllers/samples_controller.ts'))
  })

  test('is found where a finder is not told for whom', async ({ assert }) => {
    const found = new Set((await sourcesIn('app/controllers')).flatMap(callsForNobody))
    assert.sameMembers(
      [...found],
      Object.keys(FOR_NOBODY),
      'Give it the viewer, or add to FOR_NOBODY why it needs none'
    )
    assert.include(callsForNobody({ file: 'bad.ts', text: BAD_CONTROLLER }), 'User.findBlindly')
    assert.isEmpty(callsForNobody({ file: 'good.ts', text: GOOD_CONTROLLER }))
  })
})

test.group('A statement that reads what belongs to people', () => {
  test('asks whether the viewer may see it', async ({ assert }) => {
    const found = statementsForAnyone(await sourcesIn('app/models'))
    assert.sameMembers(found, Object.keys(FOR_ANYONE), 'Use app/models/visibility.ts, or add to FOR_ANYONE why not')
    assert.deepEqual(statementsForAnyone([{ file: 'bad.ts', text: BAD_MODEL }]), ['leaking'])
  })
})
