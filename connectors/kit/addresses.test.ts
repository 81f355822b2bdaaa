import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isPublic } from './addresses.ts'

describe('an address is public', () => {
  for (const address of ['1.1.1.1', '100.63.255.255', '172.32.0.1', '223.255.255.255', '2606:4700::1111'])
    it(`as ${address}`, () => assert.equal(isPublic(address), true))

  it('when NAT64 makes IPv6 of one that is', () => {
    assert.equal(isPublic('64:ff9b::1.1.1.1'), true)
    assert.equal(isPublic('64:ff9b::101:101'), true)
  })
})

describe('an address is not public', () => {
  const INSIDE = [
    '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255',
    '192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9',
    '224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255',
    ':: ::1 ::10.0.0.1 ::1.1.1.1 ::ffff:10.0.0.1 ::ffff:1.1.1.1 ::ffff:7f00:1 0:0:0:0:0:ffff:127.0.0.1',
    'fe80::1 fe80::1%eth0 2606:4700::1%1 fec0::1 fc00::1 fd12:3456::1 ff02::1 100::1 5f00::1 4000::1',
    '2001::1 2001:2::1 2001:db8::1 3fff::1 2002:7f00:1:: 2002:101:101::',
    '64:ff9b::10.0.0.1 64:ff9b::7f00:1 64:ff9b::169.254.169.254 64:ff9b:1::1.1.1.1 64:ff9b::1:0:0',
    'localhost 1.1.1 0x7f.1 2130706433 [::1]',
  ]
  for (const address of ['', ...INSIDE.join(' ').split(' ')])
    it(`as ${address || 'nothing'}`, () => assert.equal(isPublic(address), false))

  it('whatever its last bits are, in a private network or behind NAT64', () => {
    const byte = fc.nat(255)
    fc.assert(
      fc.property(
        fc.constantFrom('10', '127', '169.254', '192.168'),
        fc.tuple(byte, byte, byte),
        (net, rest) => {
          const address = [net, ...rest].join('.').split('.').slice(0, 4).join('.')
          assert.equal(isPublic(address), false)
          assert.equal(isPublic(`64:ff9b::${address}`), false)
          assert.equal(isPublic(`::ffff:${address}`), false)
        },
      ),
    )
  })
})
