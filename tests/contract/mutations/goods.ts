import type { Step } from './walk.ts'

const receipt = (quantity: number, reference: string): Step => ({
  does: 'receiveStock',
  body: { location: 'MU-POINT', item: 'OIL', quantity, reference },
})

/** Goods, places and money. */
export const goods: readonly Step[] = [
  { does: 'createItem', body: { code: 'OIL', name: 'Oil', unit: 'LTR' } },
  ...[
    { code: 'MU-POINT', name: 'Point', kind: 'service_point', area: 'MU01' },
    { code: 'MU-STORE', name: 'Store', kind: 'warehouse', area: 'MU01' },
  ].map((body): Step => ({ does: 'createLocation', body })),
  { does: 'updateItem', at: { code: 'OIL' }, body: { name: 'Vegetable oil' } },
  { does: 'updateLocation', at: { code: 'MU-STORE' }, body: { name: 'Central store' } },
  receipt(20, 'D1'),
  receipt(10, 'D2'),
  {
    does: 'transferStock',
    body: { from: 'MU-POINT', to: 'MU-STORE', item: 'OIL', quantity: 5, reference: 'W1' },
  },
  { does: 'createFund', body: { code: 'MU-FUND', name: 'Fund', currency: 'ETB' } },
  { does: 'updateFund', at: { code: 'MU-FUND' }, body: { name: 'Drought fund' } },
  { does: 'allocateToFund', at: { code: 'MU-FUND' }, body: { amount: '2000.00' } },
]
