import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isPublic } from './addresses.ts'
import { refusal } from './refusals.ts'

/** Where a request goes: the URL, and the addresses that were checked and alone are connected to. */
export type Destination = { url: URL; addresses: readonly LookupAddress[] }

/** Every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

export const systemResolve: Resolve = hostname => lookup(hostname, { all: true })

const HTTPS_PORT = '443'

const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? HTTPS_PORT : '80')

/**
 * Reads an allow-list: `host` (its port 443) or `host:port`, an IPv6 address in brackets. Throws for what is neither,
 * so that a mistyped entry is noticed at the start.
 */
export const readAllowList = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split(',')
      .map(entry => entry.trim())
      .filter(entry => entry !== '')
      .map(entry => {
        const url = /^(?:\[[0-9a-f:.]+\]|[\p{L}\d.-]+)(?::\d{1,5})?$/iu.test(entry)
          ? URL.parse(`https://${entry}`)
          : null
        if (!url) throw new Error(`must be hosts with or without a port, and ${entry} is not one`)
        return `${url.hostname}:${portOf(url)}`
      }),
  )

/**
 * Checks where a request wants to go. Without being on the allow-list it must be https, on port 443, and every
 * address of its name public. A host in an odd form (`0x7f.1`, `2130706433`) was made plain by the URL parser.
 * Throws `unavailable`.
 */
export const destinationOf = async (
  url: URL,
  allow: ReadonlySet<string>,
  resolve: Resolve,
): Promise<Destination> => {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refusal('outbound-address', `the scheme ${url.protocol}`)
  if (url.username || url.password) throw refusal('outbound-address', `a name or password in ${url.host}`)
  const place = `${url.hostname}:${portOf(url)}`
  const isAllowed = allow.has(place)
  if (!isAllowed && (url.protocol !== 'https:' || portOf(url) !== HTTPS_PORT))
    throw refusal('outbound-address', `${url.protocol}//${place} is neither https on 443 nor allowed`)
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(literal)
  const addresses = family ? [{ address: literal, family }] : await resolve(url.hostname).catch(unknownName)
  if (addresses.length === 0) throw refusal('outbound-unreachable', `${url.hostname} has no address`)
  const inside = addresses.find(a => !isPublic(a.address))
  if (inside && !isAllowed) throw refusal('outbound-address', `${place} is at ${inside.address}`)
  return { url, addresses }
}

const unknownName = (cause: unknown): never => {
  throw refusal('outbound-unreachable', cause)
}
