import type { Context } from 'koa'
import { html } from './html.ts'
import type { Problem } from './problem.ts'

/** Pages of ours that say themselves what went wrong, by the error. */
const tellers = new WeakMap<object, string>()

/**
 * Leaves it to a page of ours (a path of this origin) to tell of an error: whoever comes by a browser is sent there,
 * with what was wrong as the query parameter `refused`. Returns the error, to be thrown.
 */
export const toldBy = (path: string, error: unknown): unknown => {
  if (error instanceof Error) tellers.set(error, path)
  return error
}

/**
 * Puts a page in the place of a problem, for operations that a browser goes to (`x-errors: page`) and when it does.
 * Only what the problem says is on it, and that escaped. `again` is where to begin anew.
 */
export const answerAsPage = (ctx: Context, problem: Problem, again: string, error: unknown): void => {
  if (ctx.accepts('json', 'html') !== 'html') return
  const teller = error instanceof Error ? tellers.get(error) : undefined
  if (teller !== undefined) {
    const page = new URL(teller, 'https://here.invalid')
    page.searchParams.set('refused', problem.rule ?? String(problem.status))
    ctx.redirect(page.pathname + page.search + page.hash)
    ctx.status = 303
    return
  }
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(problem.title)}</title>
</head>
<body>
<main>
<h1>${html(problem.title)}</h1>
<p>${html(problem.detail)}</p>
${problem.status === 404 ? '' : `<p><a href="${html(again)}">Begin again</a></p>`}
<p><small>${html(problem.type)} · ${html(problem.instance)}</small></p>
</main>
</body>
</html>
`
}
