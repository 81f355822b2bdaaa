/*
 * Fixed-width unsigned integers packed next to each other, most significant bit first: what a QR symbol of
 * a given size has no room to spend on CBOR heads. A layout names the fields in order, with their widths in
 * bits (at most 53 each, a multiple of 8 together).
 */

export type Layout<Field extends string> = Readonly<Record<Field, number>>

const fieldsOf = <F extends string>(layout: Layout<F>) => Object.entries(layout) as [F, number][]

/** How many bytes a layout takes. */
export const sizeOf = (layout: Layout<string>): number =>
  Object.values(layout).reduce((sum, width) => sum + width, 0) / 8

/** Throws `RangeError` when a value is not an unsigned integer of its field's width. */
export const packBits = <F extends string>(layout: Layout<F>, values: Record<F, number>): Uint8Array => {
  const bytes = new Uint8Array(sizeOf(layout))
  let end = 0
  for (const [field, width] of fieldsOf(layout)) {
    let rest = values[field]
    if (!Number.isSafeInteger(rest) || rest < 0 || rest >= 2 ** width)
      throw new RangeError(`${field} does not fit in ${width} bits`)
    end += width
    for (let bit = end; rest > 0; ) {
      const step = ((bit - 1) & 7) + 1 // as many bits as this byte has up to here
      bytes[(bit - 1) >> 3]! |= (rest % (1 << step)) << (8 - step)
      rest = Math.floor(rest / (1 << step))
      bit -= step
    }
  }
  return bytes
}

/** The fields in the first bytes of `bytes`, which must be long enough. */
export const unpackBits = <F extends string>(layout: Layout<F>, bytes: Uint8Array): Record<F, number> => {
  const values = {} as Record<F, number>
  let bit = 0
  for (const [field, width] of fieldsOf(layout)) {
    let value = 0
    for (const end = bit + width; bit < end; ) {
      const left = 8 - (bit & 7) // bits that this byte has from here
      const step = Math.min(left, end - bit)
      value = value * (1 << step) + ((bytes[bit >> 3]! >> (left - step)) & ((1 << step) - 1))
      bit += step
    }
    values[field] = value
  }
  return values
}
