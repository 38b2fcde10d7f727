import { test } from '@japa/runner'
import { photograph } from '#tests/helpers'
import { Account } from '#tests/server/account'
import { send } from '#tests/server/http'
import type { ServerProcess } from '#tests/server/server_process'
import type { Deployment } from '#tests/suites/killed_server'

/** Uploads past a real server, and what is left of them when it is killed, whatever its database and its disk. */
export function directUploads(name: string, deploy: () => Promise<Deployment>) {
  test.group(`Direct uploads on ${name}`, (group) => {
    let deployment: Deployment
    let ada: Account
    let bert: Account
    let file: Buffer
    let server: ServerProcess

    group.setup(async () => {
      deployment = await deploy()
      server = await deployment.installation.start()
      ada = await Account.signUp(server.url, 'ada')
      bert = await Account.signUp(server.url, 'bert')
      file = await photograph({ width: 1500, height: 1000 })
      return async () => deployment[Symbol.asyncDispose]()
    })

    const start = async () => {
      const { status, json, body } = await ada.request('POST', '/v1/uploads', {
        contentType: 'image/jpeg',
        size: file.length,
      })
      if (status !== 201) throw new RangeError(body.toString())
      return json.data
    }
    const put = async ({ url, method, headers }: any, body = file, changed: Record<string, string> = {}) =>
      (await fetch(url, { method, headers: { ...headers, ...changed }, body: new Uint8Array(body) })).status
    const complete = (id: string, person = ada) => person.request('PUT', `/v1/uploads/${id}`, { altText: 'A hill' })
    const pendingKeys = async () => (await deployment.storedKeys()).filter((key) => key.startsWith('uploads/'))

    test('makes of a file what POST /v1/media makes of it', async ({ assert }) => {
      const upload = await start()
      assert.include([200, 204], await put(upload))
      const direct = await complete(upload.id)
      assert.equal(direct.status, 201, direct.body.toString())
      const posted = await ada.upload(file)

      const sizes = ({ width, height, blurhash, variants }: any) => ({
        ...{ width, height, blurhash },
        variants: variants.map((each: any) => [each.name, each.format, each.width, each.height]),
      })
      assert.deepEqual(sizes(direct.json.data), sizes(posted.json.data))
      for (const [index, { url }] of direct.json.data.variants.entries()) {
        const [one, other] = await Promise.all([send(url), send(posted.json.data.variants[index].url)])
        assert.equal(one.status, 200)
        assert.isTrue(one.body.equals(other.body))
      }
      assert.equal((await complete(upload.id)).json.data.id, direct.json.data.id)
    })

    test('refuses what was not announced, and a second use, and keeps nothing of them', async ({ assert }) => {
      const upload = await start()
      const before = await deployment.storedKeys()
      assert.equal(await put(upload, Buffer.concat([file, file])), 403)
      assert.equal(await put(upload, file.subarray(1)), 403)
      assert.equal(await put(upload, file, { 'Content-Type': 'image/png' }), 403)
      assert.deepEqual(await deployment.storedKeys(), before)
      assert.equal((await complete(upload.id)).json.code, 'E_NOT_UPLOADED')

      assert.include([200, 204], await put(upload))
      assert.equal(await put(upload), 412)
      assert.equal((await complete(upload.id, bert)).status, 404)
      assert.equal((await complete(upload.id)).status, 201)
      assert.equal(await put(upload), 412)
    })

    test('removes a file that is no picture', async ({ assert }) => {
      const upload = await start()
      assert.include([200, 204], await put(upload, Buffer.alloc(file.length, 'x')))
      const refused = await complete(upload.id)
      assert.deepEqual([refused.status, refused.json.code], [415, 'E_UNSUPPORTED_PICTURE'])
      assert.notInclude(await pendingKeys(), `uploads/${upload.id}`)
    })

    test('a killed server leaves what can be completed still, or collected', async ({ assert }) => {
      const { installation } = deployment
      // So many that most wait for their turn when the first is stored.
      const uploads = await Promise.all(Array.from({ length: 12 }, start))
      for (const each of uploads) assert.include([200, 204], await put(each))

      // After the PUT, and between the first file of a medium and its row.
      const cutOff = Promise.allSettled(uploads.map(({ id }) => complete(id)))
      await deployment.nextFile()
      await server.kill('SIGKILL')
      assert.include(
        (await cutOff).map(({ status }) => status),
        'rejected'
      )

      const keysOfRows = (await installation.rows('uploads')).map(({ key }) => key)
      assert.includeMembers(keysOfRows, await pendingKeys(), 'each is found by its row')
      assert.includeMembers(await deployment.storedKeys(), await installation.ownedKeys())

      server = await installation.start()
      const completed = await Promise.all(uploads.map(({ id }) => complete(id)))
      assert.deepEqual(new Set(completed.map(({ status }) => status)), new Set([201]))
      const rows = await installation.rows('media')
      for (const { json } of completed)
        assert.lengthOf(
          rows.filter(({ id }) => id === json.data.id),
          1
        )
      assert.lengthOf(rows, (await installation.rows('uploads')).filter((row) => row.media_id).length + 1)

      const verified = await installation.ace('media:verify', '--json', '--grace=0', '--repair')
      assert.equal(verified.code, 0, verified.output)
      assert.deepEqual(await deployment.storedKeys(), [...(await installation.ownedKeys()), ...(await pendingKeys())])
    })
  })
}
