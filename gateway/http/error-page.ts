import type { Context } from 'koa'
import { tellerOf } from '../auth/oidc/told-by.ts'
import { html } from './html.ts'
import type { Problem } from './problem.ts'

/**
 * Puts a page in the place of a problem, for operations that a browser goes to (`x-errors: page`) and when it does.
 * Only what the problem says is on it, and that escaped. `again` is where to begin anew.
 */
export const answerAsPage = (ctx: Context, problem: Problem, again: string, error: unknown): void => {
  if (ctx.accepts('json', 'html') !== 'html') return
  const teller = tellerOf(error, problem.rule ?? String(problem.status))
  if (teller !== undefined) {
    ctx.redirect(teller)
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
