import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

type AxeNode = { target: unknown[]; failureSummary?: string }
type AxeRule = { id: string; help: string; nodes: AxeNode[] }
type Axe = { run(context: unknown, options: unknown): Promise<{ violations: AxeRule[] }> }

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What WCAG 2.2 A and AA ask for, and what axe counts among good manners. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * What axe finds against a page as it is now, one line for each element: none, when all is well. `within`: a CSS
 * selector of the part to look at. Scripts of the debugger are not the page's own: its security policy stays in force.
 */
export const axeViolations = async (page: Page, within?: string): Promise<string[]> => {
  await page.evaluate(source)
  const violations = await page.evaluate(
    async ([tags, part]) => {
      const { axe } = globalThis as unknown as { axe: Axe }
      const { violations } = await axe.run(part ?? document, {
        runOnly: { type: 'tag', values: tags },
        resultTypes: ['violations'],
      })
      return violations.map(({ id, help, nodes }) => ({
        id,
        help,
        nodes: nodes.map(({ target, failureSummary }) => ({ target: target.join(' '), failureSummary })),
      }))
    },
    [TAGS, within] as const,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const why = failureSummary?.split('\n').slice(1).join('; ').trim()
      return `${id} (${help}) at ${target}: ${why}`
    }),
  )
}
