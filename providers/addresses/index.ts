import { BlockList, isIP, isIPv6 } from 'node:net'
import { E_INVALID_PROXY } from './errors.js'

export { E_INVALID_PROXY } from './errors.js'

/** An address that is none; all of them are counted together. */
const UNKNOWN = 'unknown'

/**
 * The network that an address is counted by.
 *
 * @param address of IPv4 or IPv6, in any of their spellings, with a zone (`%eth0`) or without.
 * @returns IPv4 as it is, also where it was mapped into IPv6; of IPv6 the first 64 bits, as `2001:db8:0:1`; for anything
 *   else one and the same word.
 */
export function networkOf(address: string): string {
  const [bare] = address.split('%')
  if (!isIPv6(bare)) return isIP(bare) ? bare : UNKNOWN
  const groups = groupsOf(bare)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return groups.slice(6).flatMap(bytesOf).join('.')
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')
}

/**
 * Which peers are believed when they name, in `X-Forwarded-For`, the address that they speak for.
 *
 * @param proxies addresses and ranges (`10.0.0.0/8`), separated by commas; nobody when it is left out.
 * @returns the framework's `trustProxy`.
 * @throws E_INVALID_PROXY, which stops the boot.
 */
export function trusting(proxies = ''): (address: string) => boolean {
  const trusted = new BlockList()
  for (const entry of proxies.split(/[\s,]+/).filter(Boolean)) add(trusted, entry)
  return (address) => isIP(address) > 0 && trusted.check(address, familyOf(address))
}

function add(trusted: BlockList, entry: string) {
  const [address, prefix, ...more] = entry.split('/')
  const most = isIPv6(address) ? 128 : 32
  const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (!isIP(address) || more.length > 0 || !(bits >= 1 && bits <= most)) throw new E_INVALID_PROXY(entry)
  trusted.addSubnet(address, bits, familyOf(address))
}

function familyOf(address: string) {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

/** The eight numbers of an address of IPv6. */
function groupsOf(address: string): number[] {
  const [head, tail] = address.split('::').map((half) => half.split(':').filter(Boolean).flatMap(numbersOf))
  return tail ? [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail] : head
}

/** The last 32 bits may be written as IPv4. */
function numbersOf(group: string): number[] {
  if (!group.includes('.')) return [Number.parseInt(group, 16)]
  const [a, b, c, d] = group.split('.').map(Number)
  return [a * 256 + b, c * 256 + d]
}

function bytesOf(group: number): number[] {
  return [group >> 8, group & 255]
}
