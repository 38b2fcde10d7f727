import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Installation } from '#tests/server/installation'
import type { Deployment } from '#tests/suites/killed_server'

/** A server with SQLite and local files. */
export async function deployLocally(): Promise<Deployment> {
  const installation = await Installation.create()
  const files = join(installation.folder, 'files')
  return {
    installation,
    storedKeys: () => installation.storedKeys(),
    async store(key, data) {
      await mkdir(dirname(join(files, key)), { recursive: true })
      await writeFile(join(files, key), data)
    },
    async nextFile() {
      const watcher = watch(join(files, 'media'))
      await once(watcher, 'change')
      watcher.close()
    },
    [Symbol.asyncDispose]: () => installation[Symbol.asyncDispose](),
  }
}
