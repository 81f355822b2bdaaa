import { ApiError, type Due, type Verdict, type Verification } from './api.ts'
import { h, type Icon, icon } from './dom.ts'
import { dueList } from './due.ts'
import { handoverScreen } from './handover.ts'
import { button, type Flow, hasEnded, heading, type Screen, wordsFor } from './screens.ts'
import { texts } from './texts.ts'

type Tone = 'go' | 'wait' | 'stop'

const TONES: Readonly<Record<Verdict, Tone>> = {
  valid: 'go',
  valid_stale: 'go',
  revoked: 'stop',
  suspended: 'stop',
  expired: 'stop',
  not_yet_valid: 'wait',
  already_redeemed: 'stop',
  wrong_point: 'wait',
  unknown_issuer: 'stop',
  tampered: 'stop',
  malformed: 'wait',
}
const VIBRATION: Readonly<Record<Tone, number[]>> = { go: [80], wait: [120, 80, 120], stop: [400] }

/** Asks the server what a code is worth, and leads on to the answer. */
export const checkingScreen = (flow: Flow, qr: string): Screen => {
  let left = false
  const point = flow.api.point()
  const ask = async () => {
    try {
      const answer = await flow.api.verify(qr, point === 'none' ? undefined : point?.code)
      if (!left) flow.answer(qr, answer)
    } catch (error) {
      if (!left && !hasEnded(flow, error)) flow.show(failedScreen(flow, qr, error))
    }
  }
  void ask()
  const body = h(
    'main',
    { class: 'verdict', 'data-tone': 'none' },
    h('div', { class: 'spinner' }),
    heading(texts.checking),
  )
  return {
    body,
    leave: () => {
      left = true
    },
  }
}

/** No verdict: the code is kept, and asked again when the user says so. */
const failedScreen = (flow: Flow, qr: string, error: unknown): Screen => {
  const offline = error instanceof ApiError && error.trouble === 'offline'
  return fullScreen(flow, {
    tone: 'none',
    sign: 'wait',
    title: offline ? texts.offlineHeading : texts.failedHeading,
    advice: wordsFor(error),
    actions: [
      button(texts.tryAgain, () => flow.check(qr)),
      button(texts.scanNext, () => flow.scan(), 'secondary'),
    ],
  })
}

/** The verdict over the whole screen, in words, a sign and a colour; what is due; what to do. */
export const verdictScreen = (flow: Flow, qr: string, verification: Verification): Screen => {
  const { verdict, due } = verification
  const tone = TONES[verdict]
  const next = (kind: 'primary' | 'secondary') => button(texts.scanNext, () => flow.scan(), kind)
  const isCash = due?.benefit.kind === 'cash'
  const handover = verdict === 'valid' && due && handoverOf(flow, qr, due)
  return fullScreen(flow, {
    tone,
    sign: tone,
    title: isCash && verdict === 'already_redeemed' ? texts.alreadyPaid : texts.verdicts[verdict],
    advice: adviceOf(verification),
    details: due && dueList(due),
    remark: typeof handover === 'string' ? handover : undefined,
    actions: handover instanceof HTMLElement ? [handover, next('secondary')] : [next('primary')],
  })
}

/** What to do: the server says it in English, for other languages there is a table. */
const adviceOf = ({ verdict, advice, servedAt, due }: Verification): string => {
  const own = texts.advice
  if (!own) return advice
  if (servedAt) return own.elsewhere(`${servedAt.name} (${servedAt.code})`)
  return (due?.benefit.kind === 'cash' && own.cash[verdict]) || own[verdict]
}

/** The way to the handover; words where a point is missing; nothing for cash, of which the advice says who pays it. */
const handoverOf = (flow: Flow, qr: string, due: Due): HTMLElement | string | undefined => {
  const { benefit } = due
  if (benefit.kind === 'cash') return undefined
  const point = flow.api.point()
  if (point === undefined || point === 'none') return texts.needsPoint
  const handover = { qr, point: point.code, holderName: due.holderName, benefit }
  return button(texts.handOver, () => flow.show(handoverScreen(flow, handover)))
}

type Full = {
  tone: Tone | 'none'
  sign: Icon
  title: string
  advice: string
  details?: Node | undefined
  remark?: string | undefined
  actions: Node[]
}

const fullScreen = (flow: Flow, { tone, sign, title, advice, details, remark, actions }: Full): Screen => {
  flow.announce(`${title}. ${advice}`)
  if (tone !== 'none') navigator.vibrate?.(VIBRATION[tone])
  return {
    body: h(
      'main',
      { class: 'verdict', 'data-tone': tone },
      icon(sign),
      heading(title),
      h('p', { class: 'advice' }, advice),
      details,
      remark && h('p', { class: 'remark' }, remark),
      h('div', { class: 'actions' }, ...actions),
    ),
  }
}
