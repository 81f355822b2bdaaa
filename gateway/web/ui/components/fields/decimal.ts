/** The first digits of the decimal scripts that people here type: Arabic-Indic and the eastern form of it. */
const ZEROES = [0x0660, 0x06f0] as const

const westernDigits = (text: string): string =>
  text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => {
    const code = digit.charCodeAt(0)
    const zero = ZEROES.find(start => code >= start && code < start + 10) ?? code
    return String(code - zero)
  })

/**
 * The decimal text that an API takes for what somebody typed: `1 234,5`, `1,234.5` and `١٢٣٤٫٥` are `1234.5`. Undefined
 * when it is no number, and for `1,234` and `1.234` alike it is the thousand that is meant only in the first, as a
 * comma followed by three digits groups them.
 */
export const decimalOf = (typed: string): string | undefined => {
  const text = westernDigits(typed)
    .replaceAll(/[\s\u00a0\u202f\u066c'’]/g, '')
    .replaceAll('\u066b', '.')
    .replace('−', '-')
  const plain =
    text.includes('.') || /^-?\d{1,3}(,\d{3})+$/.test(text)
      ? text.replaceAll(',', '')
      : text.replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? plain : undefined
}
