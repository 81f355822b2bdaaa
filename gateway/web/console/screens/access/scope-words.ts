import { formatNow } from '../../../ui/i18n/format.ts'
import { textNow } from '../../../ui/i18n/index.ts'
import type { AreaNames } from './areas.ts'
import type { Scope } from './difference.ts'

/** Where something counts, in words: "in Anseba and Gash Barka, for CASH". */
export const scopeWords = ({ areas, programs }: Scope, names: AreaNames): string => {
  const t = textNow('access')
  const format = formatNow()
  if (areas === null && programs === null) return t('scope.everywhere')
  const words = { areas: format.list((areas ?? []).map(names.name)), programs: format.list(programs ?? []) }
  if (areas === null) return t('scope.programs', { programs: words.programs })
  if (programs === null) return t('scope.areas', { areas: words.areas })
  return t('scope.both', words)
}

/** Several of them, one after another. */
export const scopesWords = (scopes: readonly Scope[], names: AreaNames): string =>
  formatNow().list(scopes.map(scope => scopeWords(scope, names)))
