import { type Api, ApiError, type Verification } from './api.ts'
import { h, icon } from './dom.ts'
import { texts } from './texts.ts'

/** One state of the page, shown alone. */
export type Screen = {
  body: HTMLElement
  /** Ends what the screen has running. */
  leave?: () => void
}

/** Where every screen can lead to. */
export type Flow = {
  api: Api
  /** Goes on where work stopped: signing in, choosing the point, or scanning. */
  start(): Promise<void>
  signIn(notice?: string): void
  choosePoint(): void
  scan(notice?: string): void
  check(qr: string): void
  answer(qr: string, verification: Verification): void
  signOut(): void
  show(screen: Screen): void
  /** Has it read out, whatever has the focus. */
  announce(text: string): void
}

/** The page's frame around a screen: where one works, how to change it and how to leave. */
export const framed = (flow: Flow, ...content: Node[]): HTMLElement => {
  const point = flow.api.point()
  return h(
    'div',
    { class: 'frame' },
    h(
      'header',
      {},
      point !== undefined &&
        h(
          'button',
          { type: 'button', class: 'place', click: () => flow.choosePoint() },
          icon('place'),
          h(
            'span',
            {},
            h('bdi', {}, point === 'none' ? texts.noPoint : point.name),
            ' ',
            h('span', { class: 'change' }, texts.changePoint),
          ),
        ),
      flow.api.isShared()
        ? h('a', { class: 'quiet', href: '/console' }, icon('back'), texts.toConsole)
        : h(
            'button',
            { type: 'button', class: 'quiet', click: () => flow.signOut() },
            icon('leave'),
            texts.signOut,
          ),
    ),
    h('main', {}, ...content),
  )
}

/** What the page is called. */
export const brand = (): HTMLElement =>
  h('p', { class: 'brand' }, h('strong', {}, texts.product), ` ${texts.title}`)

/** Shown until it is known whether somebody is signed in. */
export const startScreen = (): Screen => ({
  body: h('main', { class: 'narrow', 'aria-busy': 'true' }, brand()),
})

export const heading = (text: string): HTMLElement => h('h1', { tabindex: '-1' }, text)

export const button = (text: string, click: () => unknown, kind: 'primary' | 'secondary' = 'primary') =>
  h('button', { type: 'button', class: kind, click }, text)

/** A place for what went wrong; it is read out when it is filled. */
export const problemBox = (text = ''): HTMLElement => h('p', { class: 'problem', role: 'alert' }, text)

/** What an error means, in words. */
export const wordsFor = (error: unknown): string => {
  if (!(error instanceof ApiError)) return texts.trouble.broken
  if (error.trouble !== 'refused') return texts.trouble[error.trouble]
  return texts.rules?.[error.rule ?? ''] ?? texts.rules?.other ?? (error.message || texts.trouble.broken)
}

/** A sign-in that has ended leads back to signing in, wherever it shows. Returns whether it was that. */
export const hasEnded = (flow: Flow, error: unknown): boolean => {
  if (!(error instanceof ApiError) || error.trouble !== 'ended') return false
  flow.api.forgetSignIn()
  flow.signIn(texts.sessionEnded)
  return true
}

/** Runs the work of a form or button, which stays disabled meanwhile. */
export const busyWhile = async (control: HTMLButtonElement, work: () => Promise<void>): Promise<void> => {
  if (control.disabled) return
  control.disabled = true
  try {
    await work()
  } finally {
    control.disabled = false
  }
}
