import type { HealthReport } from '#providers/health/index'

/** What probes are told: a problem where requests are not welcome. */
export function transformHealth({ ok, checks }: HealthReport) {
  if (ok) return { status: 'ok', checks }
  return {
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'E_NOT_READY',
    detail: 'The server is ending, or one that it needs does not answer: send requests elsewhere, or try again soon.',
    checks,
  }
}
