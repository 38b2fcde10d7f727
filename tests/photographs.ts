import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = process.env.PHOTOS_DIR ?? fileURLToPath(new URL('../../shared/photos', import.meta.url))

/** Photographs of real cameras, which are not part of the project: in PHOTOS_DIR, or in ../shared/photos. */
export const photographs = {
  areThere: existsSync(folder),
  names: existsSync(folder) ? readdirSync(folder).toSorted() : [],
  path: (name: string) => path.join(folder, name),
}

export const NOT_THERE = 'The photographs are not there: set PHOTOS_DIR'
