/** Letters and digits that nobody takes for one another, also when they are read out. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const LETTERS = 4
/** The largest multiple of the alphabet's length in a byte: above it some letters would come more often. */
const FAIR = 256 - (256 % ALPHABET.length)

const letter = (): string => {
  for (;;) {
    const [byte = FAIR] = crypto.getRandomValues(new Uint8Array(1))
    if (byte < FAIR) return ALPHABET[byte % ALPHABET.length]!
  }
}

/** A password to be changed at the first sign-in: 79 bits, easy to read out (`k7mq-3nxw-…`). */
export const temporaryPassword = (): string =>
  Array.from({ length: GROUPS }, () => Array.from({ length: LETTERS }, letter).join('')).join('-')
