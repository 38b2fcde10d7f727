export interface Instruction {
  name: string
  rest: string
}

export interface Stage {
  /** The image that it begins with. */
  from: string
  name: string
  instructions: Instruction[]
}

/** The stages of a Dockerfile, in order. */
export function readDockerfile(source: string): Stage[] {
  const lines = source.replaceAll(/\\\n\s*/g, '').split('\n')
  const stages: Stage[] = []
  for (const line of lines.map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line)!
    if (name !== 'FROM') stages.at(-1)!.instructions.push({ name, rest })
    else {
      const [from, stage = ''] = rest.split(' AS ')
      stages.push({ from, name: stage, instructions: [] })
    }
  }
  return stages
}

/** The variables that a stage sets; of a variable in one, what `environment` says. */
export function variablesOf({ instructions }: Stage, environment: Record<string, string | undefined> = {}) {
  const pairs = instructions.filter(({ name }) => name === 'ENV').flatMap(({ rest }) => rest.split(/\s+/))
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(pair)!
      return [name, value.replaceAll(/\$(\w+)/g, (_, variable: string) => environment[variable] ?? '')]
    })
  )
}

/** A command in the form that needs no shell, as CMD and HEALTHCHECK have it. */
export function commandOf({ instructions }: Stage, name: 'CMD' | 'HEALTHCHECK'): string[] {
  const { rest } = instructions.findLast((instruction) => instruction.name === name)!
  return JSON.parse(rest.slice(rest.indexOf('[')))
}
