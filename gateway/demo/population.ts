import type { AttributeDefinition } from '#core/registry/index.ts'
import { COUNTRY, NAMES, villages } from './country.ts'
import { type Random, randomOf } from './random.ts'

/** What the registry of the demo knows of households beside their members: a proxy means test, from 0 (poorest) to 100. */
export const attributes: readonly AttributeDefinition[] = [
  { kind: 'group', code: 'poverty_score', type: 'number', label: 'Poverty score' },
  { kind: 'group', code: 'roof', type: 'string', label: 'Roof' },
]
const ROOFS = ['grass', 'iron sheets', 'iron sheets', 'tiles'] as const

/** Ages are reckoned at this day, so that the same seed makes the same people in every year. */
const BORN_BEFORE = 2026

type Person = {
  relation: string
  name: string
  sex: 'female' | 'male'
  birthDate: string
  phone: string
  identifier: string
  account: { kind: string; value: string; bank: string } | undefined
}

const HEADER =
  'household,relation,name,sex,birth_date,phone,area,identifier_type,identifier,account_kind,account,bank_code,poverty_score,roof\n'
const HOUSEHOLDS_A_CHUNK = 500

/**
 * A file of people to import, as a registrar would have it: one line a person, the same for the same seed.
 * Made as it is read, so that a million households need no memory.
 */
export async function* populationFile(options: { households: number; seed: number }): AsyncGenerator<Buffer> {
  let text = HEADER
  for (let i = 0; i < options.households; i++) {
    text += household(options.seed, i)
    if ((i + 1) % HOUSEHOLDS_A_CHUNK > 0) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text) yield Buffer.from(text)
}

const household = (seed: number, i: number): string => {
  const random = randomOf(`${COUNTRY.code}/${seed}/${i}`)
  const key = `D${seed}-${String(i + 1).padStart(7, '0')}`
  const village = random.pick(villages)
  const people = members(random, seed, i)
  const score = (random.int(0, 500) + random.int(0, 500)) / 10
  const roof = ROOFS[Math.min(3, Math.floor(score / 25))]!
  return people
    .map(p =>
      [
        key,
        p.relation,
        p.name,
        p.sex,
        p.birthDate,
        p.phone,
        village,
        p.identifier ? 'national_id' : '',
        p.identifier,
      ]
        .concat(p.account ? [p.account.kind, p.account.value, p.account.bank] : ['', '', ''])
        .concat(p.relation === 'head' ? [String(score), roof] : ['', ''])
        .join(','),
    )
    .join('\n')
    .concat('\n')
}

const members = (random: Random, seed: number, i: number): Person[] => {
  const { names } = script(random)
  const person = (relation: string, sex: 'female' | 'male', age: number, father: string): Person => ({
    relation,
    name: `${random.pick(names[sex])} ${father}`,
    sex,
    birthDate: birthDate(random, age),
    phone: '',
    identifier: '',
    account: undefined,
  })
  const headSex = random.chance(0.38) ? 'female' : 'male'
  const headAge = random.chance(0.18) ? random.int(60, 88) : random.int(21, 59)
  const people = [person('head', headSex, headAge, random.pick(names.male))]
  if (random.chance(headSex === 'male' ? 0.85 : 0.25))
    people.push(
      person(
        'spouse',
        headSex === 'male' ? 'female' : 'male',
        Math.max(19, headAge + random.int(-9, 5)),
        random.pick(names.male),
      ),
    )
  const children = headAge > 65 ? random.int(0, 2) : Math.max(0, random.int(-1, 6))
  const father = people.find(p => p.sex === 'male')?.name.split(' ')[0] ?? random.pick(names.male)
  for (let c = 0; c < children; c++)
    people.push(
      person(
        'child',
        random.chance(0.5) ? 'female' : 'male',
        random.int(0, Math.min(17, headAge - 18)),
        father,
      ),
    )
  if (headAge < 55 && random.chance(0.15))
    people.push(
      person('parent', random.chance(0.6) ? 'female' : 'male', random.int(60, 90), random.pick(names.male)),
    )
  return people.map((p, n) => withPapers(random, p, seed, i, n))
}

/** Adults mostly have a national identifier and a telephone; heads mostly an account. */
const withPapers = (random: Random, p: Person, seed: number, i: number, n: number): Person => {
  const isAdult = p.relation !== 'child'
  const phone =
    isAdult && random.chance(0.7)
      ? `+2519${String((i * 7_919 + n * 31 + seed * 104_729) % 100_000_000).padStart(8, '0')}`
      : ''
  const identifier =
    isAdult && random.chance(0.88)
      ? `${String(seed).padStart(3, '0')}${String(i + 1).padStart(7, '0')}${String(n).padStart(2, '0')}`
      : ''
  const account =
    p.relation !== 'head' || random.chance(0.04)
      ? undefined
      : phone && random.chance(0.6)
        ? { kind: 'mobile_wallet', value: phone, bank: '' }
        : {
            kind: 'bank_account',
            value: `10000${String(seed).padStart(2, '0')}${String(i + 1).padStart(7, '0')}`,
            bank: 'DMBKETAA',
          }
  return { ...p, phone, identifier, account }
}

/** The script of a household's names, by how common each is. */
const script = (random: Random) => {
  const at = random.int(1, 100)
  return NAMES.find(n => at <= n.upTo)!
}

/** Most know the day, some only the year: registries that insist on a day get the first of January. */
const birthDate = (random: Random, age: number): string => {
  const year = BORN_BEFORE - 1 - age
  if (random.chance(0.15)) return String(year)
  return `${year}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`
}
