const PREFIX = 'annona.draft.'

/** What was typed and not sent yet, kept in this browser tab alone; never secrets and files. */
const keyOf = (draft: string): string => PREFIX + draft

/** The values of a draft over the initial ones, when there is one that can be read. */
export const recallDraft = <V extends object>(draft: string | undefined, initial: V): V | undefined => {
  if (draft === undefined) return undefined
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(draft)) ?? 'null')
    return typeof kept === 'object' && kept !== null ? { ...initial, ...kept } : undefined
  } catch {
    return undefined
  }
}

/** Keeps the values that may be kept. A browser that is full or forbids it keeps nothing, and nothing breaks. */
export const keepDraft = (draft: string, values: object, secret: ReadonlySet<string>): void => {
  const kept = Object.entries(values).filter(([name, value]) => !secret.has(name) && !(value instanceof Blob))
  try {
    sessionStorage.setItem(keyOf(draft), JSON.stringify(Object.fromEntries(kept)))
  } catch {
    // The form works without it.
  }
}

export const forgetDraft = (draft: string): void => {
  try {
    sessionStorage.removeItem(keyOf(draft))
  } catch {
    // Nothing was kept, then.
  }
}

/** Forgets what was typed in this tab: for when somebody signs out, so that the next one does not find it. */
export const forgetDrafts = (): void => {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept, then.
  }
}
