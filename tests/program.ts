import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Where a program of the machine is: what the variable of its name in capitals says, `K6` for `k6`, else the first on the PATH.
 * Undefined where it is not installed.
 */
export function programNamed(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  return [process.env[name.toUpperCase()], ...folders.map((folder) => join(folder, name))].find(
    (file) => file && existsSync(file)
  )
}
