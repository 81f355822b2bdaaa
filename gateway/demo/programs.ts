import type { Item, Location, Receipt, Transfer } from '#core/inventory/index.ts'
import type { Debtor } from '#core/payments/index.ts'
import type { ProgramInput } from '#core/programs/index.ts'
import { COUNTRY, districts } from './country.ts'

export const fund = { code: 'SOCIAL-FUND', name: 'National social fund', currency: COUNTRY.currency }
export const allocation = { amount: '25000000.00' }

/** Who pays. */
export const debtor: Debtor = {
  name: `Ministry of Social Affairs, ${COUNTRY.name}`,
  account: { kind: 'bank_account', value: '1000000000001' },
  agent: 'DMBKETAA',
}

export const items: readonly Item[] = [
  { code: 'FLOUR-25', name: 'Fortified flour, bag of 25 kg', unit: 'BG' },
  { code: 'RICE', name: 'Rice, by the kilogram', unit: 'KGM' },
]

/** A central store, and a service point in every district. */
export const locations: readonly Location[] = [
  { code: 'STORE', name: 'Central store', kind: 'warehouse', area: COUNTRY.code },
  ...districts.map(d => ({
    code: `SP-${d.code}`,
    name: `${d.name} distribution point`,
    kind: 'service_point' as const,
    area: d.code,
  })),
]

export const receipts: readonly Receipt[] = [
  { location: 'STORE', item: 'FLOUR-25', quantity: 5_000n, reference: 'DONATION-0001' },
  { location: 'STORE', item: 'RICE', quantity: 100_000n, reference: 'DONATION-0002' },
]

export const transfers: readonly Transfer[] = districts.flatMap(d =>
  [
    { item: 'FLOUR-25', quantity: 200n },
    { item: 'RICE', quantity: 8_000n },
  ].map(goods => ({
    from: 'STORE',
    to: `SP-${d.code}`,
    reference: `WAYBILL-${d.code}-${goods.item}`,
    ...goods,
  })),
)

/** A grant in cash and in kind for young families, food for poor households that are large or headed by a woman, a pension. */
export const programs: readonly ProgramInput[] = [
  {
    code: 'CHILD-GRANT',
    name: 'Child grant',
    target: 'group',
    currency: COUNTRY.currency,
    fund: fund.code,
    rules: ['members.exists(m, age_years(m.birth_date) < 5)'],
    components: [
      {
        code: 'CASH',
        kind: 'cash',
        formula: '400 + 150 * members.filter(m, age_years(m.birth_date) < 5).size()',
      },
      { code: 'FLOUR', kind: 'in_kind', item: 'FLOUR-25', quantity: 1 },
    ],
  },
  {
    code: 'FOOD-AID',
    name: 'Food assistance',
    target: 'group',
    currency: COUNTRY.currency,
    rules: ['attributes.poverty_score < 40', 'size >= 6 || head.sex == "female"'],
    components: [{ code: 'RICE', kind: 'in_kind', item: 'RICE', perMember: 5, maximum: 40 }],
  },
  {
    code: 'PENSION',
    name: 'Old-age pension',
    target: 'individual',
    currency: COUNTRY.currency,
    fund: fund.code,
    rules: ['age_years(birth_date) >= 65'],
    components: [{ code: 'CASH', kind: 'cash', amount: '600.00' }],
  },
]
