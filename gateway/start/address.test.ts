import assert from 'node:assert/strict'
import { readConfig } from '../config.ts'
import { settleAddress } from './address.ts'

describe('the address that `start` settles on', () => {
  const settle = (env: Record<string, string>) => settleAddress(readConfig(env))

  it('is where the gateway listens, as it is reached', async () => {
    const issuers: Record<string, Record<string, string>> = {
      'http://127.0.0.1:8080': {},
      'http://localhost:8282': { HOST: 'localhost', PORT: '8282' },
      'http://[::1]:8282': { HOST: '::1', PORT: '8282' },
      'https://annona.example': {
        HOST: 'annona.example',
        PORT: '443',
        TLS_CERT_FILE: 'c',
        TLS_KEY_FILE: 'k',
      },
    }
    for (const [issuer, env] of Object.entries(issuers)) assert.equal((await settle(env)).issuer, issuer)
  })

  it('is what the settings say, when they do', async () => {
    const { issuer } = await settle({ ANNONA_ISSUER: 'https://annona.example/', HOST: '0.0.0.0' })
    assert.equal(issuer, 'https://annona.example/')
  })

  it('is none where the gateway listens on every address of the machine', async () => {
    for (const host of ['0.0.0.0', '::']) assert.equal((await settle({ HOST: host })).issuer, '')
  })

  it('has a free port where any will do, known before anything listens on it', async () => {
    const { port, issuer } = await settle({ PORT: '0' })
    assert.ok(port > 0)
    assert.equal(issuer, `http://127.0.0.1:${port}`)
  })
})
