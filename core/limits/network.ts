import { isIPv4, isIPv6 } from 'node:net'

const GROUPS = 8
const NETWORK_GROUPS = 4

/**
 * Who shares an address, for counting: an IPv4 address itself, of an IPv6 address its /64, because whoever has
 * one address of a /64 has them all (RFC 6177). IPv4 written as IPv6 is IPv4. A port, which some proxies write behind
 * the address (RFC 7239 section 6), says nothing of who it is.
 */
export const networkOf = (address: string): string => {
  const plain = withoutPort(address).replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.toLowerCase().split('%')[0]!.split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = tail === undefined ? 0 : GROUPS - before.length - after.length
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${groups.slice(0, NETWORK_GROUPS).map(trimmed).join(':')}::/64`
}

const withoutPort = (address: string): string => {
  const [, bracketed, host] = /^(?:\[(.*)\](?::\d+)?|([^:]*):\d+)$/.exec(address) ?? []
  return [bracketed, host].find(a => a !== undefined && (isIPv4(a) || isIPv6(a))) ?? address
}

const groupsOf = (text: string) => (text === '' ? [] : text.split(':'))
const trimmed = (group: string) => group.replace(/^0+(?=.)/, '')
