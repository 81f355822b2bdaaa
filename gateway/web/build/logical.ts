import type { Declaration, Plugin } from 'postcss'

/** Properties of one side, and what they are along the line of reading. */
const PROPERTIES: Readonly<Record<string, string>> = {
  left: 'inset-inline-start',
  right: 'inset-inline-end',
  ...Object.fromEntries(
    ['margin', 'padding', 'scroll-margin', 'scroll-padding'].flatMap(box => [
      [`${box}-left`, `${box}-inline-start`],
      [`${box}-right`, `${box}-inline-end`],
    ]),
  ),
  ...Object.fromEntries(
    ['', '-width', '-style', '-color'].flatMap(part => [
      [`border-left${part}`, `border-inline-start${part}`],
      [`border-right${part}`, `border-inline-end${part}`],
    ]),
  ),
  'border-top-left-radius': 'border-start-start-radius',
  'border-top-right-radius': 'border-start-end-radius',
  'border-bottom-left-radius': 'border-end-start-radius',
  'border-bottom-right-radius': 'border-end-end-radius',
}

/** Properties whose value names a side. */
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'text-align': { left: 'start', right: 'end' },
  float: { left: 'inline-start', right: 'inline-end' },
  clear: { left: 'inline-start', right: 'inline-end' },
}

/** Boxes written as top, right, bottom, left. */
const BOXES: Readonly<Record<string, readonly [block: string, inline: string]>> = {
  margin: ['margin-block', 'margin-inline'],
  padding: ['padding-block', 'padding-inline'],
  inset: ['inset-block', 'inset-inline'],
}

/**
 * Rewrites what is said of left and right into what is said of start and end, so that one stylesheet serves both
 * directions of writing. Values that name a side otherwise (`background-position`, `transform`) are left as they are.
 */
export const logical = (): Plugin => ({
  postcssPlugin: 'logical',
  Declaration: declaration => {
    const property = PROPERTIES[declaration.prop]
    if (property !== undefined) declaration.prop = property
    const value = VALUES[declaration.prop]?.[declaration.value]
    if (value !== undefined) declaration.value = value
    splitBox(declaration)
  },
})

/** `margin: 1px 2px 3px 4px` has a left of its own: it becomes two declarations. */
const splitBox = (declaration: Declaration): void => {
  const names = BOXES[declaration.prop]
  const sides = declaration.value.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? []
  const [top, right, bottom, left] = sides
  if (!names || sides.length !== 4 || right === left) return
  declaration.cloneBefore({ prop: names[0], value: `${top} ${bottom}` })
  declaration.cloneBefore({ prop: names[1], value: `${left} ${right}` })
  declaration.remove()
}
