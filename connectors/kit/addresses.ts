import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Nothing a public service lives at: IANA's special-purpose registry for IPv4 (RFC 6890), multicast and reserved. */
const CLOSED_IPV4 = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by a carrier's customers
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, the metadata services of clouds among them
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const

/** What is not public inside IPv6's global unicast (IANA's special-purpose registry). */
const CLOSED_IPV6 = [
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4, which leads to any IPv4 address
  ['3fff::', 20], // documentation
] as const

/**
 * Of IPv6 only global unicast is open, and what a NAT64 gateway makes of open IPv4 (RFC 6052). That leaves out
 * loopback, link-local, unique local, multicast, and IPv4 written as IPv6 (`::ffff:10.0.0.1`, `::10.0.0.1`).
 */
const GLOBAL_UNICAST = ['2000::', 3] as const
const NAT64 = '64:ff9b::'
const NAT64_BITS = 96

const closed = new BlockList()
const open = new BlockList()
for (const [network, bits] of CLOSED_IPV4) {
  closed.addSubnet(network, bits, 'ipv4')
  closed.addSubnet(`${NAT64}${network}`, NAT64_BITS + bits, 'ipv6')
}
for (const [network, bits] of CLOSED_IPV6) closed.addSubnet(network, bits, 'ipv6')
open.addSubnet(...GLOBAL_UNICAST, 'ipv6')
open.addSubnet(NAT64, NAT64_BITS, 'ipv6')

/** Whether an address, as it is connected to, is of the public internet. What is no address is not. */
export const isPublic = (address: string): boolean => {
  if (isIPv4(address)) return !closed.check(address, 'ipv4')
  if (!isIPv6(address) || address.includes('%')) return false
  return open.check(address, 'ipv6') && !closed.check(address, 'ipv6')
}
