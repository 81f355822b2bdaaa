/** The sum of decimal texts, exactly. */
export const sumOf = (amounts: readonly string[]): string => {
  const places = Math.max(0, ...amounts.map(amount => (amount.split('.')[1] ?? '').length))
  const total = amounts.reduce((sum, amount) => sum + scaled(amount, places), 0n)
  if (places === 0) return total.toString()
  const digits = (total < 0n ? -total : total).toString().padStart(places + 1, '0')
  return `${total < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

const scaled = (amount: string, places: number): bigint => {
  const [whole = '0', part = ''] = amount.split('.')
  return BigInt(whole + part.padEnd(places, '0'))
}
