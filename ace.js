/*
 * The entrypoint of the ace commands. It hands over to the Node.js that comes with the dependencies where the
 * machine's own is older than what AdonisJS needs. The build replaces this file by one that runs the compiled code.
 */
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.argv.splice(2, 0, 'ace.js')
  await import('./bin/run.js')
} else {
  await import('@poppinss/ts-exec')
  await import('./bin/console.js')
}
