import { writeFile } from 'node:fs/promises'
import path from 'node:path'

const root = '../..'

/** The build without the tests, in a folder of its own. */
const TSCONFIG = {
  extends: `${root}/tsconfig.json`,
  compilerOptions: { rootDir: root, outDir: './build' },
  include: [`${root}/**/*`, `${root}/.adonisjs/server/**/*`],
  exclude: ['node_modules', 'build', 'tmp', 'storage', 'tests'].map((folder) => `${root}/${folder}`),
}

/**
 * The arguments of `ace.js` that build the server as it is deployed.
 *
 * @param folder in tmp/: a build looks for its packages above it. The build is in `build/` there.
 */
export async function buildArguments(folder: string): Promise<string[]> {
  const tsconfig = path.join(folder, 'tsconfig.json')
  await writeFile(tsconfig, JSON.stringify(TSCONFIG))
  return ['build', `--tsconfig=${path.relative('', tsconfig)}`]
}
