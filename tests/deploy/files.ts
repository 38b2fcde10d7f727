import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '#tests/server/server_process'
import { readDockerfile, variablesOf } from './dockerfile.js'
import { readYaml } from './yaml.js'

export const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

export const stages = () => readDockerfile(read('Dockerfile'))

/** The compose file as it is when a person has set these variables, and those that have no default are the others' names. */
export function compose(given: Record<string, string> = {}) {
  return readYaml(
    read('compose.yaml').replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = '') => {
      return given[name] ?? (kind === '-' ? rest : name)
    })
  )
}

/** The variables without which nothing starts. */
export const demanded = () => [...read('compose.yaml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name)

/** What the application is told: by its image, and by the compose file. */
export function settings(given: Record<string, string> = {}): Record<string, string> {
  const { PATH, ...ofTheImage } = variablesOf(stages().at(-1)!)
  const { environment } = compose(given).services.app1
  return {
    ...ofTheImage,
    ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, `${value}`])),
  }
}
