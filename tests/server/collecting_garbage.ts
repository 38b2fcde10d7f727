/*
 * Loaded into a server, it has that collect its garbage on SIGUSR2: what is left in memory is in use, and not only waiting to be
 * thrown away, which an idle process puts off.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

process.on('SIGUSR2', () => collect())
