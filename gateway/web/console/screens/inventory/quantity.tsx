import { formatNow } from '../../../ui/i18n/format.ts'
import { textOr, useText } from '../../../ui/i18n/index.ts'

/** Units that goods are counted in here: common codes of UN/ECE Recommendation 20. */
export const UNITS = ['KGM', 'GRM', 'TNE', 'LTR', 'MLT', 'C62', 'BG', 'BX', 'SET', 'PR', 'MTR'] as const

/** So much of something, in words: `25 kg`, `3 pieces`. A unit without a name is said by its code. */
export const quantityText = (n: number, unit: string): string =>
  textOr('inventory', `measured.${unit}`, `${formatNow().count(n)} ${unit}`, { count: n })

/** So much of something, on one line. */
export const Quantity = ({ n, unit }: { n: number; unit: string }) => {
  useText('inventory')
  return <bdi class="an-number an-nowrap">{quantityText(n, unit)}</bdi>
}
