export const AREAS = Array.from(
  { length: 50 },
  (_, n) => `XA${two(1 + Math.floor(n / 25))}${two(1 + (n % 25))}`,
)

function two(n: number): string {
  return String(n).padStart(2, '0')
}

const HEADER =
  'Household,Relation,Full name,Sex,Date of birth,Phone,Area code,National ID,Account kind,Account\n'

/**
 * A CSV file of so many people, in pieces: households of four in 50 areas, everybody with an identifier, the head
 * with a phone and a mobile wallet.
 */
export async function* peopleFile(count: number): AsyncGenerator<Buffer> {
  let piece = HEADER
  for (let n = 0; n < count; n++) {
    piece += lineOf(n)
    if (piece.length > 1 << 18) {
      yield Buffer.from(piece)
      piece = ''
    }
  }
  yield Buffer.from(piece)
}

const lineOf = (n: number): string => {
  const household = n >> 2
  const isHead = n % 4 === 0
  const born = `${isHead ? 1970 + (n % 30) : 2008 + (n % 17)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`
  const phone = isHead ? `+25470${String(1_000_000 + household).slice(-7)}` : ''
  return `${[
    `H${household}`,
    isHead ? 'head' : 'child',
    `Amina Diallo ${n}`,
    n % 2 === 0 ? 'F' : 'M',
    born,
    phone,
    AREAS[household % AREAS.length],
    `ID-${n}`,
    isHead ? 'mobile' : '',
    phone,
  ].join(',')}\n`
}
