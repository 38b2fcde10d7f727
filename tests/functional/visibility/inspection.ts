import { Asker, type Answer } from '#tests/functional/visibility/asker'
import type { Eyes } from '#tests/functional/visibility/eyes'
import { LISTS } from '#tests/functional/visibility/lists'
import {
  addressesOf,
  addressOfNobody,
  mistakenAddressesOf,
  type Route,
  SHOWS_THE_BLOCKED,
  UNASKED,
} from '#tests/functional/visibility/routes'
import type { Thing, World } from '#tests/functional/visibility/world'

const MARK = /mark[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g
const MOST_PAGES = 30

/** What is compared with the answer for what never was. */
const TELLING = ['content-type', 'content-length', 'link', 'etag', 'cache-control', 'location']

/** Asks every route for everything that there is in a world, and says where an answer is not what the viewer may see. */
export class Inspection {
  readonly problems: string[] = []
  #asker: Asker
  #marked = new Map<string, Thing>()
  #files = new Set<string>()

  constructor(
    private world: World,
    headers: Record<string, string>
  ) {
    this.#asker = new Asker(headers)
    for (const thing of world.things) for (const mark of thing.marks) this.#marked.set(mark, thing)
  }

  async inspect(routes: Route[]) {
    await Promise.all(routes.map((route) => this.route(route)))
    await Promise.all([...this.#files].map((path) => this.file(path)))
  }

  private async route(route: Route) {
    const nobodys = new Map<string, Promise<Answer>>()
    const asNobody = (query: string) => {
      if (!nobodys.has(query)) nobodys.set(query, this.#asker.get(withQuery(addressOfNobody(route), query)))
      return nobodys.get(query)!
    }
    const queries = ['', ...route.queries(this.world), ...(route.isPaged ? ['limit=1'] : [])]
    for (const { path, named } of addressesOf(route, this.world)) {
      for (const query of queries) {
        const asked = withQuery(path, query)
        const answer = await this.get(route, asked)
        if (query === '') await this.head(asked, answer)
        if (named && !this.isThere(named)) this.expectAlike(asked, answer, await asNobody(query))
        else if (query === '') this.expectThere(route, asked, answer, named)
        const pages = [answer, ...(await this.further(route, asked, answer))]
        const isWhole = query === '' || (query === 'limit=1' && route.isPaged)
        if (isWhole && answer.status === 200) this.expectListed(route, asked, pages, named)
      }
    }
    for (const path of mistakenAddressesOf(route, this.world))
      this.expectAlike(path, await this.get(route, path), await asNobody(''))
  }

  private async get(route: Route, path: string): Promise<Answer> {
    const answer = await this.#asker.get(path)
    if (answer.status >= 500) this.report(path, `answered ${answer.status}`)
    for (const mark of marksIn(answer)) this.expectShowable(route, path, mark)
    if (isJson(answer)) this.expectCounts(path, JSON.parse(answer.body))
    for (const [, file] of answer.body.matchAll(/"http:\/\/[^/"]+(\/files\/[^"]+)"/g)) this.#files.add(file)
    return answer
  }

  private async head(path: string, expected: Answer) {
    const { status, headers } = await this.#asker.head(path)
    if (status !== expected.status) this.report(path, `answers HEAD with ${status}, and GET with ${expected.status}`)
    if (headers.link !== expected.headers.link) this.report(path, 'answers HEAD with another Link than GET')
    const isSame = async () => headers.etag === (await this.#asker.get(path)).headers.etag
    // Signed addresses are others every ten minutes, which may be just now.
    if (headers.etag !== expected.headers.etag && !(await isSame()))
      this.report(path, 'answers HEAD with another ETag than GET')
  }

  /** The pages behind the first, to the end. */
  private async further(route: Route, path: string, first: Answer): Promise<Answer[]> {
    const pages: Answer[] = []
    for (let next = nextOf(first); next; next = nextOf(pages.at(-1)!)) {
      if (next.split('?')[0] !== path.split('?')[0]) this.report(path, `links to ${next}`)
      if (pages.length === MOST_PAGES) {
        this.report(path, 'has pages without an end')
        break
      }
      const page = await this.get(route, next)
      pages.push(page)
      if (page.status !== 200) this.report(next, `answered ${page.status} to a Link of ours`)
      else if (isJson(page) && JSON.parse(page.body).data.length === 0)
        this.report(next, 'is an empty page, which tells that something is hidden')
    }
    return pages
  }

  private expectListed({ pattern }: Route, path: string, pages: Answer[], named: Thing | null) {
    const list = LISTS[pattern]
    if (!list) return
    const expected = list.shows(this.world, named)
    const shown = new Set(pages.flatMap((page) => [...marksIn(page)]))
    for (const { id } of expected) {
      const thing = this.#marked.get(id)!
      if (!thing.marks.some((mark) => shown.has(mark)))
        this.report(path, `does not show ${this.name(thing)}, which the viewer may see`)
    }
    if (!list.isExact) return
    const count = pages.reduce((sum, { body }) => sum + JSON.parse(body).data.length, 0)
    if (count !== expected.length) this.report(path, `shows ${count} and not ${expected.length}`)
  }

  private expectThere(route: Route, path: string, { status }: Answer, named: Thing | null) {
    if (route.access === 'auth' && !this.world.viewer) {
      if (status !== 401) this.report(path, `answered ${status} to nobody, and not 401`)
    } else if (status !== 200 && (!named || this.isThere(named) === true)) {
      this.report(path, `answered ${status}, and the viewer may see it`)
    }
  }

  /** Whatever is hidden is as if it had never been. */
  private expectAlike(path: string, answer: Answer, nobodys: Answer) {
    const tells = (each: Answer) => JSON.stringify([each.status, each.body, TELLING.map((name) => each.headers[name])])
    if (tells(answer) !== tells(nobodys))
      this.report(path, `tells that it is there: ${tells(answer)} and not ${tells(nobodys)}`)
  }

  private expectShowable(route: Route, path: string, mark: string) {
    const thing = this.#marked.get(mark)
    if (!thing) return this.report(path, `shows ${mark}, of which the world of the test knows nothing`)
    const eyes = this.eyesOf(route)
    const isListedAsBlocked = route.pattern === SHOWS_THE_BLOCKED && thing.kind === 'account' && eyes.blocks(thing.of)
    if (!thing.isSeen(eyes) && !isListedAsBlocked) this.report(path, `shows ${this.name(thing)}`)
    if (UNASKED.has(route.pattern) && eyes.mutes(thing.of)) this.report(path, `shows ${this.name(thing)}, who is muted`)
  }

  private expectCounts(path: string, value: any) {
    if (typeof value !== 'object' || value === null) return
    if (!value.counts) return Object.values(value).forEach((each) => this.expectCounts(path, each))
    const thing = this.#marked.get(value.id ?? value.name)
    if (!thing?.counts) return this.report(path, `counts something that the test does not know: teach world.ts`)
    const expected = thing.counts(this.world.eyes)
    for (const [name, count] of Object.entries(value.counts)) {
      if (count !== expected[name])
        this.report(path, `counts ${count} ${name} of ${this.name(thing)}, and not ${expected[name]}`)
    }
  }

  /** An address that an answer gave must work, and without a signature only where everybody may see the file. */
  private async file(path: string) {
    const { status } = await this.#asker.get(path)
    if (status !== 200) this.report(path, `answered ${status}, and an answer gave this address`)
  }

  /** A route that looks at no token shows what everybody may see. */
  private eyesOf({ access }: Route): Eyes {
    return access === 'anyone' ? this.world.everybody : this.world.eyes
  }

  private isThere(thing: Thing): boolean | 'either' {
    return (thing.isThere ?? thing.isSeen)(this.world.eyes)
  }

  private name({ kind, name, of }: Thing): string {
    const { owner, viewer, accounts } = this.world
    const whose = of === owner ? 'the owner' : of === viewer ? 'the viewer' : `person ${accounts.indexOf(of)}`
    return `${kind} ${name} of ${whose}`
  }

  private report(path: string, problem: string) {
    this.problems.push(`${path} ${problem}`)
  }
}

function withQuery(path: string, query: string): string {
  return query ? `${path}?${query}` : path
}

function isJson({ headers, status }: Answer): boolean {
  return status === 200 && (headers['content-type'] ?? '').startsWith('application/json')
}

/** What an answer gives away: in its body, and in the address of the next page. */
function marksIn(answer: Answer): Set<string> {
  const cursor = new URL(nextOf(answer) ?? '/', 'http://localhost').searchParams.get('cursor') ?? ''
  return new Set(`${answer.body} ${cursor} ${answer.headers.location ?? ''}`.match(MARK))
}

/** The path and query of the next page, of JSON or of HTML. */
function nextOf({ headers, body }: Answer): string | null {
  const [, linked] = /<([^>]+)>; rel="next"/.exec(headers.link ?? '') ?? []
  const address = linked ?? /href="([^"]*[?]cursor=[^"]+)"/.exec(body)?.[1]
  if (!address) return null
  const { pathname, search } = new URL(address, 'http://localhost')
  return pathname + search
}
