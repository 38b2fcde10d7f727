import { parseArgs } from 'node:util'

/** What a program that writes was asked for, in its arguments: which work, from which number on, for how long. */
export function order() {
  const options = { work: { type: 'string' }, from: { type: 'string' }, seconds: { type: 'string' } } as const
  const { work, from, seconds } = parseArgs({ options }).values
  return { work: work as 'likes' | 'bulk', from: Number(from), seconds: Number(seconds) }
}

const WRITERS = 16
const WARM_UP_S = 1

/**
 * Does numbered work, sixteen at once, for so many seconds after one to warm up.
 *
 * @returns how much was done a second, and the number that was not used any more.
 */
export async function saturate(seconds: number, from: number, work: (number: number) => Promise<unknown>) {
  let next = from
  let done = 0
  const during = async (duration: number) => {
    const end = performance.now() + duration * 1000
    done = 0
    const write = async () => {
      for (; performance.now() < end; done++) await work(next++)
    }
    await Promise.all(Array.from({ length: WRITERS }, write))
  }
  await during(WARM_UP_S)
  const began = performance.now()
  await during(seconds)
  return { throughput: (done * 1000) / (performance.now() - began), next }
}

/** The post and the user of a like: no pair comes twice in ten million, and neighbours share neither. */
export function pairOf<Post, User>(number: number, posts: Post[], users: User[]): [Post, User] {
  return [posts[number % posts.length], users[(number + Math.floor(number / posts.length)) % users.length]]
}
