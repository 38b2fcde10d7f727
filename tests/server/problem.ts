import type { TestContext } from '@japa/runner/core'
import type { Answer } from '#tests/server/http'

/** Words that belong to the inside: libraries, folders, stacks. */
const INSIDE = /vips|sharp|input|busboy|multipart:|node_modules|node:|\/tmp|calotype-|\bat \S+:\d+|enoent|undefined/i

/** An answer that says in words of our own, as a problem, what was wrong. */
export function assertProblem(
  assert: TestContext['assert'],
  { status, headers, body, json }: Pick<Answer, 'status' | 'headers' | 'body' | 'json'>
) {
  assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.containsSubset(json, { type: 'about:blank', status })
  assert.isAbove(json.detail.length, 20)
  assert.notMatch(body.toString(), INSIDE)
}
