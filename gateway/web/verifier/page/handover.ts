import { ApiError, type Goods, type Outcome } from './api.ts'
import { h } from './dom.ts'
import { goodsText } from './due.ts'
import {
  busyWhile,
  button,
  type Flow,
  framed,
  hasEnded,
  heading,
  problemBox,
  type Screen,
  wordsFor,
} from './screens.ts'
import { amountText, texts } from './texts.ts'

export type Handover = { qr: string; point: string; holderName: string; benefit: Goods }

/** Asks how much, and once more whether; books it and goes back to scanning. */
export const handoverScreen = (flow: Flow, { qr, point, holderName, benefit }: Handover): Screen => {
  const { item, remaining } = benefit
  const quantity = h('input', {
    id: 'quantity',
    type: 'number',
    inputmode: 'numeric',
    min: '1',
    max: String(remaining),
    value: String(remaining),
  })
  const problem = problemBox()
  const submit = h('button', { class: 'primary' }, texts.confirm)
  const booking = createBooking(flow, qr, point)

  const finish = (outcome: Outcome, amount: number) => {
    if ('verdict' in outcome) return flow.answer(qr, outcome)
    flow.scan(texts.handedOver(goodsText(item, amount), holderName, outcome.redemption.reference))
  }
  const book = async () => {
    const amount = Number(quantity.value)
    if (!Number.isInteger(amount) || amount < 1 || amount > remaining) {
      problem.textContent = texts.quantityRange(amountText(remaining, item.unit))
      return quantity.focus()
    }
    submit.textContent = texts.booking
    try {
      finish(await booking.send(amount), amount)
    } catch (error) {
      if (hasEnded(flow, error)) return
      submit.textContent = texts.confirm
      quantity.readOnly = booking.isUnsure()
      problem.textContent = booking.isUnsure() ? texts.unsure : wordsFor(error)
    }
  }
  const form = h(
    'form',
    {
      class: 'card',
      novalidate: true,
      submit: event => {
        event.preventDefault()
        return busyWhile(submit, book)
      },
    },
    h('p', { class: 'sum' }, h('bdi', {}, holderName), h('strong', {}, goodsText(item, remaining))),
    h('p', { class: 'hint' }, texts.confirmHint),
    h('label', { for: 'quantity' }, `${texts.quantity} (${texts.units[item.unit] ?? item.unit})`),
    quantity,
    problem,
    submit,
    button(texts.notYet, () => flow.check(qr), 'secondary'),
  )
  return { body: framed(flow, heading(texts.confirmHeading), form) }
}

/**
 * Sends a handover under one key. When no answer comes it may be booked or not: from then on only the very same
 * may be sent again, which books it once. After a clear refusal the next one is a handover of its own.
 */
const createBooking = ({ api }: Flow, qr: string, point: string) => {
  let key = crypto.randomUUID()
  let unsure = false
  return {
    isUnsure: () => unsure,
    send: async (quantity: number): Promise<Outcome> => {
      try {
        return await api.redeem(qr, point, quantity, key)
      } catch (error) {
        unsure ||= !(error instanceof ApiError) || ['offline', 'broken'].includes(error.trouble)
        if (!unsure) key = crypto.randomUUID()
        throw error
      }
    },
  }
}
