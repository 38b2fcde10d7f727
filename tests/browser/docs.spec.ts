import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { chromium, type Locator, type Page } from 'playwright-core'
import { PASSWORD, photograph } from '#tests/helpers'
import { programNamed } from '#tests/program'
import { Account } from '#tests/server/account'
import { Installation } from '#tests/server/installation'
import { ROOT } from '#tests/server/server_process'

const CHROMIUM = programNamed('chromium')

/** Where the last picture of the page is kept. */
const SCREENSHOTS = join(ROOT, 'tmp/screenshots')

/** The page at /docs, as its user knows it. */
class DocsPage {
  constructor(private page: Page) {}

  /** Shows the token in the dialog that the lock opens. */
  async authorize(token: string) {
    await this.page.locator('.auth-wrapper .btn.authorize').click()
    const dialog = this.page.locator('.dialog-ux')
    await dialog.locator('input').fill(token)
    await dialog.locator('button[type=submit]').click()
    await dialog.locator('.btn-done').click()
  }

  /** Opens an operation, fills its body in, and has it sent: the status and the content of the answer. */
  async tryOut(operationId: string, fillIn: (operation: Locator) => Promise<void>) {
    const operation = this.page.locator(`.opblock[id$="-${operationId}"]`)
    await operation.locator('.opblock-summary-control').click()
    await fillIn(operation)
    await operation.locator('.btn.execute').click()
    const answer = operation.locator('.live-responses-table .response')
    const status = await answer.locator('.response-col_status').first().innerText()
    const content = await answer.locator('.highlight-code code, .highlight-code pre').first().innerText()
    return { status: Number.parseInt(status), content: JSON.parse(content) }
  }

  sendJson(operationId: string, body: object) {
    return this.tryOut(operationId, (operation) => operation.locator('.body-param__text').fill(JSON.stringify(body)))
  }
}

test.group('The page that shows the API', (group) => {
  group.each.skip(!CHROMIUM, 'Chromium is not installed: name it by CHROMIUM, or put it on the PATH')

  test('signs in and publishes a post, and nothing of it comes from another host', async ({ assert, cleanup }) => {
    await using installation = await Installation.create()
    const { url } = await installation.start()
    const ada = await Account.signUp(url, 'ada')
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    cleanup(() => browser.close())
    const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } })
    const [asked, complaints]: [string[], string[]] = [[], []]
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))

    await page.goto(`${url}/docs`)
    const docs = new DocsPage(page)
    const session = await docs.sendJson('sessionStore', { login: 'ada', password: PASSWORD })
    assert.equal(session.status, 201)
    await docs.authorize(session.content.data.token)

    const medium = await docs.tryOut('mediaStore', async (operation) => {
      const file = { name: 'sea.jpg', mimeType: 'image/jpeg', buffer: await photograph() }
      await operation.locator('input[type=file]').setInputFiles(file)
    })
    assert.equal(medium.status, 201, JSON.stringify(medium.content))
    const post = await docs.sendJson('postsStore', { mediaIds: [medium.content.data.id], caption: 'From the page' })
    assert.equal(post.status, 201, JSON.stringify(post.content))

    await mkdir(SCREENSHOTS, { recursive: true })
    await page.locator('.opblock[id$="-postsStore"]').screenshot({ path: join(SCREENSHOTS, 'docs.png') })
    const posts = await ada.posts()
    assert.deepEqual(
      posts.map(({ id, caption }) => [id, caption]),
      [[post.content.data.id, 'From the page']]
    )
    assert.deepEqual(complaints, [])
    assert.deepEqual(
      asked.filter((address) => !address.startsWith(url) && !address.startsWith('data:')),
      []
    )
  })
})
