import { type Browser, chromium, type Page } from 'playwright-core'

export const EXECUTABLE = '/usr/bin/chromium'
/** Root without a network: no sandbox, and nothing that calls home. */
export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What the pages of a browser find when they ask for a camera: one that films a Y4M file, a refusal, or nothing. */
export type TestCamera = { films: string } | 'refused' | 'absent'

/** Debian's Chromium without a window. Close it in `after`. */
export const startChromium = (camera: TestCamera): Promise<Browser> =>
  chromium.launch({ executablePath: EXECUTABLE, args: [...QUIET, ...cameraFlags(camera)] })

const cameraFlags = (camera: TestCamera): string[] => {
  if (camera === 'absent')
    return ['--use-fake-device-for-media-stream=device-count=0', '--use-fake-ui-for-media-stream']
  if (camera === 'refused')
    return ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny']
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${camera.films}`,
  ]
}

/** What a page did that it should not: errors, broken security policies, requests to other hosts. */
export const misdeedsOf = (page: Page, origin: string): string[] => {
  const found: string[] = []
  page.on('pageerror', error => found.push(`error: ${error.message}`))
  page.on('console', message => {
    // Answers such as 401 are noted by the browser, and are for the page to deal with.
    if (
      ['error', 'warning'].includes(message.type()) &&
      !message.text().startsWith('Failed to load resource')
    )
      found.push(`console: ${message.text()}`)
  })
  page.on('request', request => {
    const url = new URL(request.url())
    if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.origin !== origin)
      found.push(`request to ${url.host}`)
  })
  return found
}

/**
 * What makes a page hard to use on a small phone: something wider than it, or a control too small to touch. What is
 * there for screen readers alone is a pixel wide.
 */
export const hardToTouch = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    // What a file is chosen by is a label that looks like a button; its name above is text.
    const isButton = (label: HTMLLabelElement): boolean =>
      (label.control as HTMLInputElement | null)?.type === 'file' && !label.classList.contains('govuk-label')
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`${scrollWidth} px wide on a screen of ${clientWidth} px`)
    const controls = [
      ...document.querySelectorAll<HTMLElement>('button, select, textarea, input:not([type=file]), label'),
    ].filter(c => !(c instanceof HTMLLabelElement) || isButton(c))
    for (const control of controls) {
      // A label around a control is touched in its place.
      const { width, height } = (control.closest('label') ?? control).getBoundingClientRect()
      if (width > 1 && (width < 44 || height < 44))
        found.push(`${control.textContent || control.id}: ${width} × ${height} px`)
    }
    return found
  })
