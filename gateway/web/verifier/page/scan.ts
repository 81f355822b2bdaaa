import { type Camera, openCamera, pixelsOf } from './camera.ts'
import { loadDecoder, plain } from './decoder.ts'
import { h, icon } from './dom.ts'
import { button, type Flow, framed, heading, problemBox, type Screen } from './screens.ts'
import { texts } from './texts.ts'

/** Between two looks through the camera: enough for the page to stay responsive on slow devices. */
const PAUSE_MS = 80
/** The code that was just dealt with is likely before the camera still; for so long it is not taken again. */
const ECHO_MS = 4_000

let last = { text: '', until: 0 }

/** Waits for a code: before the camera, in a picture, or typed. `notice` says how the last one ended. */
export const scanScreen = (flow: Flow, notice = ''): Screen => {
  const problem = problemBox()
  const say = (text: string) => {
    problem.textContent = text
  }
  const found = (text: string) => {
    last = { text, until: Number.POSITIVE_INFINITY }
    flow.check(text)
  }
  last.until = Date.now() + ECHO_MS
  const viewfinder = createViewfinder(found, say)
  if (notice !== '') flow.announce(notice)
  return {
    body: framed(
      flow,
      notice === '' ? document.createDocumentFragment() : h('p', { class: 'notice' }, icon('go'), notice),
      heading(texts.scanHeading),
      problem,
      viewfinder.body,
      h('div', { class: 'ways' }, pictureButton(found, say), ...typedText(found)),
    ),
    leave: viewfinder.stop,
  }
}

/** The camera's picture, looked at until a code is in it. Rests while the page is hidden. */
const createViewfinder = (found: (text: string) => void, say: (text: string) => void) => {
  const video = h('video', { playsinline: true, muted: true, 'aria-label': texts.camera })
  const hint = h('p', { class: 'hint' }, texts.startingCamera)
  const retry = button(texts.tryAgain, () => start(), 'secondary')
  const torch = h(
    'button',
    { type: 'button', class: 'torch', 'aria-pressed': 'false' },
    icon('torch'),
    texts.torch,
  )
  const body = h(
    'div',
    { class: 'viewfinder', 'data-state': 'starting' },
    h('div', { class: 'window' }, video, torch),
    hint,
    retry,
  )
  let run = 0
  let camera: Camera | undefined

  const stop = () => {
    run++
    camera?.close()
    camera = undefined
  }
  const fail = (why: string) => {
    stop()
    body.dataset.state = 'failed'
    retry.hidden = false
    say(why)
  }
  const start = async () => {
    stop()
    const mine = run
    body.dataset.state = 'starting'
    retry.hidden = true
    hint.textContent = texts.startingCamera
    say('')
    const [decode, opened] = await Promise.all([loadDecoder().catch(() => undefined), openCamera(video)])
    if (mine !== run) return typeof opened === 'string' ? undefined : opened.close()
    if (typeof opened === 'string') return fail(texts.cameraTrouble[opened])
    camera = opened
    if (!decode) return fail(texts.noDecoder)
    offerTorch(torch, opened)
    body.dataset.state = 'looking'
    hint.textContent = texts.scanHint
    while (mine === run) {
      try {
        const image = opened.look()
        const text = image && (await decode(image))
        if (mine === run && text && !(text === last.text && Date.now() < last.until)) return found(text)
      } catch {
        if (mine === run) fail(texts.cameraTrouble.busy)
        return
      }
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    }
  }
  const rest = () => {
    if (document.hidden) stop()
    else void start()
  }
  document.addEventListener('visibilitychange', rest)
  void start()
  return {
    body,
    stop: () => {
      document.removeEventListener('visibilitychange', rest)
      stop()
    },
  }
}

const offerTorch = (control: HTMLButtonElement, camera: Camera) => {
  control.hidden = camera.torch === undefined
  control.onclick = async () => {
    const on = control.getAttribute('aria-pressed') !== 'true'
    await camera.torch?.(on)
    control.setAttribute('aria-pressed', String(on))
  }
}

const pictureButton = (found: (text: string) => void, say: (text: string) => void): HTMLElement => {
  const read = async () => {
    const file = input.files?.[0]
    input.value = ''
    if (!file) return
    const decode = await loadDecoder().catch(() => undefined)
    if (!decode) return say(texts.noDecoder)
    try {
      for await (const pixels of pixelsOf(file)) {
        const text = await decode(pixels)
        if (text) return found(text)
      }
      say(texts.noCodeInPicture)
    } catch {
      say(texts.notAPicture)
    }
  }
  const input = h('input', { type: 'file', accept: 'image/*', class: 'unseen', id: 'picture', change: read })
  return h(
    'div',
    { class: 'way' },
    input,
    h('label', { for: 'picture', class: 'secondary' }, icon('picture'), texts.readPicture),
  )
}

/** A button, and the form that it opens. */
const typedText = (found: (text: string) => void): HTMLElement[] => {
  const area = h('textarea', {
    id: 'code',
    rows: '4',
    maxlength: '5000',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    'aria-describedby': 'code-hint',
  })
  const form = h(
    'form',
    {
      class: 'card typed',
      hidden: true,
      submit: event => {
        event.preventDefault()
        const text = plain(area.value)
        if (text !== '') found(text)
      },
    },
    h('label', { for: 'code' }, texts.textLabel),
    h('p', { class: 'hint', id: 'code-hint' }, texts.textHint),
    area,
    h('button', { class: 'primary' }, texts.check),
  )
  const open = h(
    'button',
    { type: 'button', class: 'way secondary', 'aria-expanded': 'false' },
    icon('keyboard'),
    texts.typeText,
  )
  open.onclick = () => {
    form.hidden = !form.hidden
    open.setAttribute('aria-expanded', String(!form.hidden))
    if (!form.hidden) area.focus()
  }
  return [open, form]
}
