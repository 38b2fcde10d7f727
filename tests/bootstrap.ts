import app from '@adonisjs/core/services/app'
import testUtils from '@adonisjs/core/services/test_utils'
import { ApiClient, apiClient } from '@japa/api-client'
import { assert } from '@japa/assert'
import { pluginAdonisJS } from '@japa/plugin-adonisjs'
import type { Config } from '@japa/runner/types'
import { Conformance } from '#tests/api/conformance'
import { reporter } from '#tests/reporter'

export const plugins: Config['plugins'] = [assert(), apiClient({ baseURL: '' }), pluginAdonisJS(app)]

export const reporters: Config['reporters'] = {
  activated: process.env.TEST_REPORT ? ['spec', 'report'] : ['spec'],
  list: [(await import('@japa/runner/reporters')).spec(), reporter],
}

export const runnerHooks: Required<Pick<Config, 'setup' | 'teardown'>> = {
  setup: [() => testUtils.db().migrate()],
  teardown: [],
}

export const configureSuite: Config['configureSuite'] = (suite) => {
  if (suite.name === 'unit') return
  suite.setup(() => testUtils.httpServer().start())
  suite.setup(holdToDescription)
  suite.setup(async () => {
    const changeLog = await app.container.make('changeLog')
    await changeLog.start()
    return () => changeLog.stop()
  })
}

/** Each request of the functional tests, and its answer, is held to the description of the API. */
async function holdToDescription() {
  const conformance = new Conformance(await (await app.container.make('openApi')).document())
  ApiClient.teardown((response) => {
    const { method, url, _data: body } = response.request.request as any
    const problems = conformance.problems({
      method,
      path: new URL(url, 'http://localhost').pathname,
      status: response.status(),
      type: response.type(),
      answer: response.body(),
      body: typeof body === 'string' && response.status() < 300 ? JSON.parse(body, withoutPrototypes) : body,
    })
    if (problems.length > 0) throw new RangeError(problems.join('\n'))
  })
  return () => void ApiClient.clearTeardownHooks()
}

/** The parser of bodies drops these, which is what it should do. */
function withoutPrototypes(name: string, value: unknown) {
  return ['__proto__', 'constructor'].includes(name) ? undefined : value
}
