import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

interface Exchange {
  method: string
  path: string
  status: number
  /** Of the answer; without parameters. */
  type: string
  answer: unknown
  /** Of the request, where it was JSON. */
  body?: unknown
}

type Described = Record<string, any>

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** Holds requests and answers to the description of the API. */
export class Conformance {
  #ajv: Ajv2020
  #compiled = new Map<string, ValidateFunction>()
  #responses: Described
  #paths: { pattern: RegExp; path: string; operations: Described }[]

  constructor(document: Described) {
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: true })
    formats.default(this.#ajv)
    this.#ajv.addSchema(document, 'api')
    this.#responses = document.components.responses
    this.#paths = Object.entries(document.paths).map(([path, operations]) => {
      const pattern = path
        .replace(/[.]/g, '\\.')
        .replace('{path}', '.+')
        .replace(/\{\w+\}/g, '[^/]+')
      return { pattern: new RegExp(`^${pattern}$`), path, operations: operations as Described }
    })
  }

  /** What does not fit the description, a sentence each; empty when all is well, or the address is none. */
  problems({ method, path, status, type, answer, body }: Exchange): string[] {
    const found = this.#paths.filter(({ pattern }) => pattern.test(path))
    const known = found.find(({ path: exact }) => exact === path) ?? found[0]
    const verb = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase()
    const operation = known?.operations[verb]
    if (!operation || !METHODS.includes(verb)) return []

    const name = `${method} ${known.path}`
    const described = operation.responses[status]
    if (!described) return [`${name} answered ${status}, which is not described`]
    const place = ['paths', known.path, verb]
    const shared: string | undefined = described.$ref?.split('/').at(-1)
    const response = shared ? this.#responses[shared] : described
    const at = shared ? ['components', 'responses', shared] : [...place, 'responses', String(status)]
    const problems = method === 'HEAD' ? [] : this.#answerProblems(name, response, at, { type, answer })
    if (status < 300 && body !== undefined && operation.requestBody) {
      const schema = [...place, 'requestBody', 'content', 'application/json', 'schema']
      problems.push(...this.#schemaProblems(`the body of ${name}`, schema, body))
    }
    return problems
  }

  #answerProblems(
    name: string,
    response: Described,
    place: string[],
    { type, answer }: Pick<Exchange, 'type' | 'answer'>
  ) {
    const content = response.content ?? {}
    if (Object.keys(content).length === 0) return []
    const media = Object.keys(content).find((each) =>
      new RegExp(`^${each.replaceAll('*', '.*').replace('+', '\\+')}$`).test(type)
    )
    if (!media) return [`${name} answered ${type}, and is described to answer ${Object.keys(content)}`]
    if (!content[media].schema) return []
    return this.#schemaProblems(`the answer of ${name}`, [...place, 'content', media, 'schema'], answer)
  }

  #schemaProblems(what: string, place: string[], value: unknown): string[] {
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const validate = this.#compiled.get(pointer) ?? this.#ajv.compile({ $ref: `api#/${pointer}` })
    this.#compiled.set(pointer, validate)
    if (validate(value)) return []
    return validate.errors!.map(({ instancePath, message, params }) => {
      return `${what} at "${instancePath}" ${message} ${JSON.stringify(params)}`
    })
  }
}
