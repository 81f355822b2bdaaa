import assert from 'node:assert/strict'
import fc from 'fast-check'
import { MASKABLE } from '../access/index.ts'
import { maskRecord } from './mask-record.ts'

const ALL = new Set(MASKABLE)
const PERSON = {
  name: 'Sara Haile',
  given_name: 'Sara',
  birth_date: '1987-06-05',
  phones: ['+251911223344'],
  'identifier.national_id': 'NID-77-1234567',
  account: { kind: 'iban', value: 'ET9900012345678' },
  sex: 'female',
  status: null,
}

describe('a record of the trail', () => {
  it('is whole for those from whom nothing is kept', () => {
    assert.deepEqual(maskRecord(PERSON, new Set(), 'registrant.update'), PERSON)
    assert.equal(maskRecord(null, ALL, 'registrant.update'), null)
  })

  it('shows of people what tells them apart, by whichever name the field has', () => {
    assert.deepEqual(maskRecord(PERSON, ALL, 'registrant.update'), {
      name: 'S. H.',
      given_name: 'S.',
      birth_date: '1987-01-01',
      phones: ['•••••344'],
      'identifier.national_id': '•••••567',
      account: { kind: '•••••', value: '•••••678' },
      sex: 'female',
      status: null,
    })
  })

  it('keeps only what is to be kept', () => {
    const shown = maskRecord(PERSON, new Set(['birth'] as const), 'registrant')
    assert.deepEqual(shown, { ...PERSON, birth_date: '1987-01-01' })
  })

  it('leaves the names of things, and of those who work here, but no account', () => {
    const program = {
      name: 'Young families',
      debtor: { name: 'Ministry', account: { value: 'ET9900012345678' } },
    }
    assert.deepEqual(maskRecord(program, ALL, 'program.update'), {
      ...program,
      debtor: { name: 'Ministry', account: { value: '•••••678' } },
    })
    const user = { name: 'Sara Haile', email: 'sara@example.org' }
    assert.deepEqual(maskRecord(user, ALL, 'user.update'), user)
    assert.deepEqual(maskRecord({ name: 'Sara Haile' }, ALL, 'programmed.by-nobody'), { name: 'S. H.' })
  })

  it('hides what is to be hidden at whatever depth', () => {
    const secret = 'x-secret-1234567'
    const field = fc.constantFrom(
      'name',
      'holder_name',
      'payeeName',
      'phones',
      'iban',
      'birthDate',
      'identifier.passport',
    )
    const inside = (value: unknown) =>
      fc
        .array(fc.constantFrom('list', 'deep', 'other'), { maxLength: 5 })
        .map(path => path.reduce<unknown>((v, step) => (step === 'list' ? [v] : { [step]: v }), value))
    fc.assert(
      fc.property(
        field.chain(name => inside({ [name]: secret })),
        record => {
          const shown = JSON.stringify(maskRecord({ record }, ALL, 'registrant.update'))
          assert.ok(!shown.includes('secret'), shown)
        },
      ),
    )
  })
})
