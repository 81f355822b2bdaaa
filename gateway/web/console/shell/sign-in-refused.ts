import { createStore } from '../../ui/store.ts'

const NAME = 'refused'

/** Takes out of the address what the server says there of a sign-in by an identity provider that came to nothing. */
const takeRefusal = (): string | undefined => {
  const url = new URL(location.href)
  const rule = url.searchParams.get(NAME)
  if (rule === null) return undefined
  url.searchParams.delete(NAME)
  history.replaceState(history.state, '', url)
  return rule
}

/** Why the last sign-in by an identity provider was refused, as the server names the rule. */
export const refusal = createStore(takeRefusal())
