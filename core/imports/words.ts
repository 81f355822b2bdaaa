import { normalizeHeader } from './reading/mapping.ts'

/** Words in several languages, each with the code it stands for. */
const dictionary = <T extends string>(entries: Record<T, string>): ReadonlyMap<string, T> =>
  new Map(
    (Object.entries(entries) as [T, string][]).flatMap(([code, words]) =>
      [code, ...words.split(',')].map(word => [normalizeHeader(word), code] as const),
    ),
  )

const RELATIONS = dictionary({
  head: `head of household, household head, hoh, self, chef, chef de menage, cheffe de menage, jefe, jefa, jefe de hogar,
    jefa de hogar, chefe, chefe de familia, chefe do agregado, رب الأسرة, ربة الأسرة`,
  spouse: `wife, husband, partner, conjoint, conjointe, epoux, epouse, mari, femme, conyuge, esposo, esposa, pareja,
    conjuge, marido, mulher, companheiro, companheira, زوج, زوجة`,
  child: `son, daughter, enfant, fils, fille, hijo, hija, filho, filha, ابن, ابنة, بنت`,
  parent: 'father, mother, pere, mere, padre, madre, pai, mae, أب, أم, والد, والدة',
  sibling: 'brother, sister, frere, soeur, hermano, hermana, irmao, irma, أخ, أخت',
  grandchild:
    'grandson, granddaughter, petit enfant, petit fils, petite fille, nieto, nieta, neto, neta, حفيد, حفيدة',
  grandparent: 'grandfather, grandmother, grand pere, grand mere, abuelo, abuela, avo, جد, جدة',
  other_relative: `other relative, relative, niece, nephew, cousin, aunt, uncle, in law, autre parent, neveu, niece,
    otro pariente, sobrino, sobrina, outro parente, sobrinho, sobrinha, قريب`,
  not_related: `not related, non relative, other, domestic, servant, autre, sans lien, sin parentesco, otro,
    sem parentesco, outro, غير قريب`,
})
export type Relation = typeof RELATIONS extends ReadonlyMap<string, infer T> ? T : never

const ACCOUNT_KINDS = dictionary({
  iban: 'compte iban',
  bank_account:
    'bank account, bank, account, compte bancaire, banque, cuenta bancaria, banco, conta bancaria, بنك',
  mobile_wallet: `mobile wallet, mobile money, wallet, mobile, momo, m-pesa, mpesa, orange money, wave, airtel money,
    portefeuille mobile, billetera movil, billetera, carteira movel, محفظة`,
})
export type AccountKind = typeof ACCOUNT_KINDS extends ReadonlyMap<string, infer T> ? T : never

const IDENTIFIER_TYPES = dictionary({
  national_id: `national id, national id card, id card, nid, nin, cni, carte d identite, carte nationale d identite, cedula,
    dni, documento de identidad, bi, bilhete de identidade, cartao de cidadao, بطاقة الهوية, الهوية الوطنية`,
  passport: 'passeport, pasaporte, passaporte, جواز السفر',
  birth_certificate:
    'birth certificate, acte de naissance, extrait de naissance, acta de nacimiento, certidao de nascimento, شهادة الميلاد',
  voter_card: 'voter card, voter id, carte d electeur, credencial de elector, titulo de eleitor',
})

export const relationOf = (cell: string): Relation | undefined => RELATIONS.get(normalizeHeader(cell))

export const accountKindOf = (cell: string): AccountKind | undefined =>
  ACCOUNT_KINDS.get(normalizeHeader(cell))

/** A type by its usual names, else the words as a code; `undefined` when they cannot be one. */
export const identifierTypeOf = (cell: string): string | undefined => {
  const words = normalizeHeader(cell)
  const code = IDENTIFIER_TYPES.get(words) ?? words.replaceAll(' ', '_')
  return /^[a-z][a-z0-9_]{0,39}$/.test(code) ? code : undefined
}
