import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from '@japa/runner'
import { read } from '#tests/deploy/files'
import { ROOT } from '#tests/server/server_process'

/** What the guide tells to make. */
const TO_BE_MADE = ['providers/webhook/index.ts', 'config/webhook.ts']

const { stdout } = spawnSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' })
const documents = stdout.trim().split('\n')

test.group('The documents', () => {
  test('link to what is there', ({ assert }) => {
    let links = 0
    for (const document of documents) {
      const shown = read(document).replaceAll(/<!--.*?-->/gs, '')
      for (const [, target] of shown.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        assert.isTrue(existsSync(join(ROOT, dirname(document), target)), `${document} links to ${target}`)
        links++
      }
    }
    assert.isAbove(links, 20)
  })

  test('name files that are there', ({ assert }) => {
    for (const document of ['README.md', 'CONTRIBUTING.md']) {
      const named = read(document).matchAll(/`((?:app|config|database|providers|start|tests)\/[\w/]+\.\w+)`/g)
      for (const [, file] of named) assert.equal(existsSync(join(ROOT, file)), !TO_BE_MADE.includes(file), file)
    }
  })

  test('list every decision, by its title', ({ assert }) => {
    const index = read('docs/adr/README.md')
    for (const file of readdirSync(join(ROOT, 'docs/adr')).filter((name) => /^\d/.test(name))) {
      const [, number, title] = /^# (\d+)\. (.+)$/m.exec(read(`docs/adr/${file}`))!
      assert.include(index, `| [${number}](${file}) | ${title} |`)
    }
  })

  test('explain each word once, in order', ({ assert }) => {
    const words = [...read('docs/glossary.md').matchAll(/^\| ([^|]+) \| (?!means)[^|]{10,} \|$/gm)].map(
      ([, word]) => word
    )
    assert.isAbove(words.length, 20)
    assert.deepEqual(
      words,
      [...new Set(words)].toSorted((one, other) => one.localeCompare(other))
    )
  })
})
