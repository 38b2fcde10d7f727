import { prettyPrintError } from '@adonisjs/core'

/** Says why the server does not start, in a sentence where the reason is known, with each setting that is wrong, and ends the process. */
export async function exitWith(error: NodeJS.ErrnoException & { port?: number; address?: string }): Promise<never> {
  const where = `${error.address ?? process.env.HOST}:${error.port ?? process.env.PORT}`
  const sentence = {
    EADDRINUSE: `Another program listens on ${where} already. Stop it, or choose another port: PORT=3334 npm run demo`,
    EACCES: `This user may not listen on ${where}. Choose a port above 1023: PORT=3333 npm run demo`,
    EADDRNOTAVAIL: `This machine has no address ${where}. Set HOST to one that it has, such as 127.0.0.1 or 0.0.0.0.`,
    ENOTFOUND: `HOST "${process.env.HOST}" is not known here. Set it to an address such as 127.0.0.1 or 0.0.0.0.`,
  }[error.code ?? '']
  if (error.code === 'E_WRONG_SETTINGS') console.error(error.message)
  else if (sentence && error.syscall !== 'connect') console.error(sentence)
  else await prettyPrintError(error)
  process.exit(1)
}
