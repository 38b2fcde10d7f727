import Type, { type Static } from 'typebox'
import type { HealthReport } from '#providers/health/index'
import { closed } from '#transformers/schema'

const checks = Type.Record(
  Type.String(),
  closed({ ok: Type.Boolean(), latency: Type.Number({ description: 'In milliseconds.' }) })
)

export const readySchema = closed({ status: Type.Literal('ok'), checks })

export const notReadySchema = closed({
  type: Type.Literal('about:blank'),
  title: Type.String(),
  status: Type.Literal(503),
  code: Type.Literal('E_NOT_READY'),
  detail: Type.String(),
  checks,
})

export function transformReady({ checks }: HealthReport): Static<typeof readySchema> {
  return { status: 'ok', checks }
}

/** A problem, where requests are not welcome. */
export function transformNotReady({ checks }: HealthReport): Static<typeof notReadySchema> {
  return {
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'E_NOT_READY',
    detail: 'The server is ending, or one that it needs does not answer: send requests elsewhere, or try again soon.',
    checks,
  }
}
