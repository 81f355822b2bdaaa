import type { Page } from 'playwright-core'

/**
 * What makes a page hard to use on a small screen, one line for each thing: something wider than it, and controls that
 * a finger misses, under 44 × 44 px. Links within a sentence may be as small as its text; a check box is as large as
 * its label.
 */
export const hardToUse = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`${scrollWidth} px wide on a screen of ${clientWidth} px`)
    const controls = document.querySelectorAll<HTMLElement>(
      'button, input, select, textarea, a[href], summary, [role=tab], [role=option], [role=menuitem]',
    )
    const areasOf = (control: HTMLElement): DOMRect[] => [
      control.getBoundingClientRect(),
      ...(control instanceof HTMLInputElement && ['checkbox', 'radio', 'file'].includes(control.type)
        ? [...(control.labels ?? [])].map(label => label.getBoundingClientRect())
        : []),
    ]
    for (const control of controls) {
      const style = getComputedStyle(control)
      if (!control.checkVisibility({ visibilityProperty: true }) || style.display === 'inline') continue
      // A skip link is there once it has the focus.
      if (style.clip !== 'auto' || (style.clipPath !== 'none' && control.tagName === 'A')) continue
      const areas = areasOf(control)
      const width = Math.max(...areas.map(area => area.width))
      const height = Math.max(...areas.map(area => area.height))
      // Half a pixel is lost where borders are rounded.
      if (width < 43.5 || height < 43.5) {
        const name = control.getAttribute('aria-label') ?? (control.textContent || control.id)
        found.push(`${control.tagName.toLowerCase()} ${name.slice(0, 60)}: ${width} × ${height} px`)
      }
    }
    return found
  })
