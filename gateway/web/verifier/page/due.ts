import type { Benefit, Due, Item } from './api.ts'
import { h } from './dom.ts'
import { amountText, texts } from './texts.ts'

/** So much of an item, in words. */
export const goodsText = (item: Item, quantity: number): string =>
  `${item.name}, ${amountText(quantity, item.unit)}`

const sums = (benefit: Benefit): { entitled: string; remaining: string } =>
  benefit.kind === 'cash'
    ? {
        entitled: `${benefit.amount} ${benefit.currency}`,
        remaining: `${benefit.remaining} ${benefit.currency}`,
      }
    : {
        entitled: goodsText(benefit.item, benefit.quantity),
        remaining: goodsText(benefit.item, benefit.remaining),
      }

const row = (term: string, value: string, kind = ''): HTMLElement =>
  h('div', { class: kind }, h('dt', {}, term), h('dd', {}, h('bdi', {}, value)))

/** Who gets what: the name and what is still due first, and large. */
export const dueList = (due: Due): HTMLElement => {
  const { entitled, remaining } = sums(due.benefit)
  return h(
    'dl',
    { class: 'card' },
    row(texts.holder, due.holderName, 'large'),
    row(texts.remaining, remaining, 'large'),
    row(texts.entitledTo, entitled),
    row(texts.program, due.program),
    row(texts.cycle, due.cycle),
    row(texts.reference, due.entitlement),
  )
}
