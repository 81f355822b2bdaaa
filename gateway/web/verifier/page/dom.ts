type Attributes = Record<string, string | boolean | ((event: Event) => unknown)>
type Child = Node | string | false | undefined

/** An element: functions become listeners, `true` an empty attribute, `false` none. */
export const h = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== false) element.setAttribute(name, value === true ? '' : value)
  element.append(...children.filter(child => child !== false && child !== undefined))
  return element
}

/** Outlines on a field of 24 × 24, each with a shape of its own: colour is never all that tells them apart. */
const ICONS = {
  go: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM7 12.5l3.5 3.5L17 8.5',
  stop: 'M8 2h8l6 6v8l-6 6H8l-6-6V8zM8.5 8.5l7 7M15.5 8.5l-7 7',
  wait: 'M12 3L1.8 21h20.4zM12 10v5M12 17.9v.2',
  scan: 'M3 8V3h5M16 3h5v5M21 16v5h-5M8 21H3v-5M7 12h10',
  picture: 'M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 6M15.5 9v.1',
  keyboard: 'M2 6h20v12H2zM6 10v.1M10 10v.1M14 10v.1M18 10v.1M7 14h10',
  torch: 'M7 3h10v3l-2 4v11H9V10L7 6zM12 13v2',
  place: 'M12 22s7-6.5 7-12a7 7 0 0 0-14 0c0 5.5 7 12 7 12zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  back: 'M19 12H5M11 6l-6 6 6 6',
  leave: 'M10 4H4v16h6M9 12h12M17 8l4 4-4 4',
} as const
export type Icon = keyof typeof ICONS
/** Those that point along the line of reading, and turn around where it runs from right to left. */
const DIRECTED: readonly Icon[] = ['back', 'leave']

const SVG = 'http://www.w3.org/2000/svg'

/** An icon; the words beside it say what it means, so screen readers pass over it. */
export const icon = (name: Icon): SVGElement => {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', DIRECTED.includes(name) ? 'icon directed' : 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', ICONS[name])
  svg.append(path)
  return svg
}
