import { createApi } from './api.ts'
import { choosePointScreen } from './choose-point.ts'
import { scanScreen } from './scan.ts'
import { type Flow, type Screen, startScreen } from './screens.ts'
import { signInScreen } from './sign-in.ts'
import { texts } from './texts.ts'
import { checkingScreen, verdictScreen } from './verdict.ts'

const place = document.getElementById('screen')!
const announcer = document.getElementById('announcer')!
let current: Screen | undefined

/** Shows a screen in place of the one before; the focus goes to its heading, where reading goes on. */
const show = (screen: Screen): void => {
  current?.leave?.()
  current = screen
  place.replaceChildren(screen.body)
  window.scrollTo(0, 0)
  place.querySelector<HTMLElement>('h1')?.focus()
}

const flow: Flow = {
  api: createApi(sessionStorage),
  start: async () => {
    if (!(await flow.api.resume())) flow.signIn()
    else if (flow.api.point() === undefined) flow.choosePoint()
    else flow.scan()
  },
  signIn: notice => show(signInScreen(flow, notice)),
  choosePoint: () => show(choosePointScreen(flow)),
  scan: notice => show(scanScreen(flow, notice)),
  check: qr => show(checkingScreen(flow, qr)),
  answer: (qr, verification) => show(verdictScreen(flow, qr, verification)),
  signOut: () => {
    void flow.api.signOut()
    flow.signIn()
  },
  show,
  announce: text => {
    announcer.textContent = text
  },
}

document.documentElement.lang = texts.language
document.documentElement.dir = texts.direction
document.title = `${texts.product} ${texts.title}`
show(startScreen())
void flow.start()
