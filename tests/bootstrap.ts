import app from '@adonisjs/core/services/app'
import testUtils from '@adonisjs/core/services/test_utils'
import { apiClient } from '@japa/api-client'
import { assert } from '@japa/assert'
import { pluginAdonisJS } from '@japa/plugin-adonisjs'
import type { Config } from '@japa/runner/types'
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
  suite.setup(async () => {
    const changeLog = await app.container.make('changeLog')
    await changeLog.start()
    return () => changeLog.stop()
  })
}
