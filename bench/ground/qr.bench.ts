import { formatReference } from '#core/kernel/index.ts'
import {
  type EntitlementClaims,
  es256Signer,
  generateEs256Key,
  issueEntitlementQr,
  readQr,
  verifyQr,
} from '#credentials/index.ts'
import { signRaw, verifyRaw } from '../baselines/qr.ts'
import type { Metrics } from '../kit/index.ts'

const CREDENTIALS = 3_000
const NOW = new Date('2026-06-15T10:00:00Z')

/** An entitlement as a QR code's text, and its check, beside nothing but the signature and its check. */
export const metrics: Metrics = async bench => {
  const { privateKey, publicKey, kid } = generateEs256Key()
  const signer = es256Signer(privateKey, kid)
  const count = Math.round(CREDENTIALS * bench.scale)
  const claims = Array.from({ length: count }, (_, n) => claimsOf(n))
  const issueAll = async () => {
    const texts: string[] = []
    for (const c of claims) texts.push((await issueEntitlementQr(c, signer)).text)
    return texts
  }
  const issued = await issueAll()
  const parts = issued.map(partsOf)
  const work = { count, unit: 'credentials' }

  let signed: () => Signed[]
  const issue = await bench.compare({
    name: 'qr issue',
    ours: async () => {
      const texts = await issueAll()
      signed = () => texts.map(partsOf)
    },
    baseline: async () => {
      const signatures = parts.map(({ bytes }) => signRaw(privateKey, bytes))
      signed = () => parts.map(({ bytes }, n) => ({ bytes, signature: signatures[n]! }))
    },
    rows: async () =>
      signed().map(({ bytes, signature }) => ({
        bytes: Buffer.from(bytes).toString('hex'),
        holds: verifyRaw(publicKey, bytes, signature),
      })),
    clock,
    work,
    goal: { atLeast: 0.4 },
  })

  const options = { keyFor: () => ({ alg: 'ES256' as const, key: publicKey }), now: NOW }
  const check = await bench.compare({
    name: 'qr verify',
    ours: async () => {
      const found: boolean[] = []
      for (const text of issued) found.push((await verifyQr(text, options)).verdict === 'valid')
      return found
    },
    baseline: async () => parts.map(({ bytes, signature }) => verifyRaw(publicKey, bytes, signature)),
    clock,
    work,
    goal: { atLeast: 0.5 },
  })
  return [issue, check]
}

/** The processor time of this process. */
const clock = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

type Signed = { bytes: Uint8Array; signature: Uint8Array }

const partsOf = (text: string): Signed => {
  const read = readQr(text)
  if ('malformed' in read) throw new Error(read.malformed)
  return { bytes: read.signed, signature: read.signature }
}

const claimsOf = (n: number): EntitlementClaims => ({
  kind: 'entitlement',
  id: formatReference('credential', BigInt(123_456_789 + n)),
  entitlement: formatReference('entitlement', BigInt(987_654_321_012 + n)),
  registrant: formatReference('group', BigInt(555_555_555 + n)),
  holderName: 'Almaz Tadesse (አልማዝ)',
  program: 7,
  cycle: 12,
  component: 1,
  point: 4031,
  benefit: { minor: BigInt(450_000 + n), currency: 'ETB' },
  validFrom: new Date('2026-06-01T00:00:00Z'),
  validUntil: new Date('2026-07-01T00:00:00Z'),
  status: { list: 3, index: n },
})
