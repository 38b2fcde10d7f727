import ace from '@adonisjs/core/services/ace'

/** Runs a command with --json and gives what it printed, and its exit code. */
export async function run(name: string, ...args: string[]) {
  await ace.boot()
  const printed: string[] = []
  const { log } = console
  console.log = (line: string) => void printed.push(line)
  try {
    const command = await ace.exec(name, [...args, '--json'])
    return { exitCode: command.exitCode ?? 0, output: JSON.parse(printed.join('\n')) }
  } finally {
    console.log = log
  }
}
