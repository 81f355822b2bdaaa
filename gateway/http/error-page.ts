import type { Context } from 'koa'
import { html } from './html.ts'
import type { Problem } from './problem.ts'

/**
 * Puts a page in the place of a problem, for operations that a browser goes to (`x-errors: page`) and when it does.
 * Only what the problem says is on it, and that escaped. `again` is where to begin anew.
 */
export const answerAsPage = (ctx: Context, problem: Problem, again: string): void => {
  if (ctx.accepts('json', 'html') !== 'html') return
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
