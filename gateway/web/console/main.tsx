import './console.scss'
import { QueryClientProvider } from '@tanstack/preact-query'
import { render } from 'preact'
import { Router } from 'wouter-preact'
import { queries } from '../ui/api/queries.ts'
import { firstLanguage, loadTexts, startTexts } from '../ui/i18n/index.ts'
import { App } from './app.tsx'
import { startSigning } from './shell/signing.ts'
import { textsOf } from './texts.ts'

startTexts(textsOf, firstLanguage())
await Promise.all([loadTexts('ui', 'shell'), startSigning()])

render(
  <QueryClientProvider client={queries}>
    <Router base="/console">
      <App />
    </Router>
  </QueryClientProvider>,
  document.getElementById('app')!,
)

// What is said when something is refused: nothing is, before somebody has done something.
void loadTexts('problems')
