/** The zeros of the decimal scripts that people here type: Arabic-Indic and the eastern form of it. */
const ZEROES = [0x0660, 0x06f0] as const

/** The same text with the digits 0 to 9 for those of other scripts. */
export const westernDigits = (text: string): string =>
  text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => {
    const code = digit.charCodeAt(0)
    const zero = ZEROES.find(start => code >= start && code < start + 10) ?? code
    return String(code - zero)
  })

/** How a language writes the fraction, and whether it groups thousands by the other of point and comma. */
const habitsOf = (language: string): { fraction: '.' | ','; groups: boolean } => {
  const parts = new Intl.NumberFormat(`${language}-u-nu-latn`).formatToParts(12345.5)
  const fraction = parts.find(part => part.type === 'decimal')?.value === ',' ? ',' : '.'
  const group = parts.find(part => part.type === 'group')?.value
  return { fraction, groups: group === (fraction === ',' ? '.' : ',') }
}

/**
 * The decimal text that an API takes for what somebody typed in a language: in English `1,234.5`, in French `1 234,5`,
 * in Arabic `١٢٣٤٫٥` are `1234.5`. Undefined when it is no number, or could be two: `1.234` in French is a thousand
 * to some and not to others, and nobody should be paid by guess.
 */
export const decimalOf = (typed: string, language: string): string | undefined => {
  const { fraction, groups } = habitsOf(language)
  const text = westernDigits(typed)
    .replaceAll(/[\s\u00a0\u202f\u066c'’]/g, '')
    .replaceAll('\u066b', fraction)
    .replace('−', '-')
  const [sign, digits] = text.startsWith('-') ? ['-', text.slice(1)] : ['', text]
  const plain = ungrouped(digits, fraction, groups)?.replace(fraction, '.')
  return plain !== undefined && /^\d+(\.\d+)?$/.test(plain) ? sign + plain : undefined
}

const ungrouped = (digits: string, fraction: '.' | ',', groups: boolean): string | undefined => {
  const other = fraction === ',' ? '.' : ','
  const pieces = digits.split(other)
  if (pieces.length === 1) return digits
  const [whole = '', ...thousands] = pieces
  const isGrouped =
    /^\d{1,3}$/.test(whole) &&
    thousands.every((piece, at) => (at === thousands.length - 1 ? /^\d{3}(\D|$)/ : /^\d{3}$/).test(piece))
  if (isGrouped)
    return groups || digits.includes(fraction) || thousands.length > 1 ? pieces.join('') : undefined
  // The other sign for the fraction, where it can be nothing else.
  const isFraction = thousands.length === 1 && !digits.includes(fraction) && thousands[0]?.length !== 3
  return isFraction ? pieces.join(fraction) : undefined
}

/** A decimal text as it is typed in a language, without groups. */
export const typedDecimal = (decimal: string, language: string): string =>
  decimal.replace('.', habitsOf(language).fraction)
