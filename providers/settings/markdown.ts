import type { VariableReport } from './settings.js'

/** The variables as a table for the documentation: the same everywhere, whatever the environment says. */
export function markdownOf(variables: VariableReport[]): string {
  const rows = variables.map(({ name, about, values, default: fallback, needed }) =>
    [`\`${name}\``, [about, valuesOf(values)].filter(Boolean).join(' '), defaultOf(fallback, needed)].join(' | ')
  )
  return ['| variable | meaning | default |', '| --- | --- | --- |', ...rows.map((row) => `| ${row} |`)].join('\n')
}

function valuesOf(values: readonly string[] | null) {
  return values && `One of ${values.map((value) => `\`${value}\``).join(', ')}.`
}

function defaultOf(fallback: string | null, needed: string) {
  if (fallback !== null) return `\`${fallback}\``
  if (needed === 'never') return ''
  return needed === 'always' ? '**needed**' : `**needed** with \`${needed}\``
}
