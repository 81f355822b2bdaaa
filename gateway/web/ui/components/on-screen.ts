/** How near to the edge of the screen something may come, in pixels. */
const MARGIN = 8

/** Moves what was just opened beside its button so far that all of its width is on the screen. */
export const keepOnScreen = (element: HTMLElement | null): void => {
  if (!element) return
  const { left, right } = element.getBoundingClientRect()
  const { clientWidth } = document.documentElement
  const beyond = Math.max(0, right - (clientWidth - MARGIN))
  const shift = Math.max(MARGIN - left, -beyond)
  if (shift > 0 || beyond > 0) element.style.translate = `${shift}px`
}
