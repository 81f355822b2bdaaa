import { csvLine } from '../kernel/index.ts'
import { type AttributeDefinition, type AttributeKey, attributeField } from './attributes.ts'
import { fieldsByHeader, normalizeHeader, type TargetField } from './reading/mapping.ts'

/** The keys of the columns that a file of people can have. One row is one person. */
export const FIELD_KEYS = [
  'household',
  'relation',
  'name',
  'given_name',
  'family_name',
  'sex',
  'birth_date',
  'phone',
  'area',
  'identifier_type',
  'identifier',
  'account_kind',
  'account',
  'bank_code',
] as const
export type FieldKey = (typeof FIELD_KEYS)[number]
/** Whatever a column can be mapped to. */
export type ColumnKey = FieldKey | AttributeKey

const field = (
  key: FieldKey,
  label: string,
  example: string,
  names: string,
  more: Partial<TargetField> = {},
): TargetField => ({
  key,
  label,
  example,
  names: names.split(',').map(n => n.trim()),
  isRequired: false,
  ...more,
})

/** Headers in English, French, Spanish, Portuguese and Arabic, as found in registries and survey tools. */
export const PEOPLE_FIELDS: readonly TargetField[] = [
  field(
    'household',
    'Household',
    'HH-0001',
    `household id, household number, household no, household code, hh, hhid, hh id, hh number, family id, menage,
     id menage, numero menage, numero du menage, code menage, hogar, id hogar, numero de hogar, agregado,
     agregado familiar, id agregado, رقم الأسرة, الأسرة, رمز الأسرة`,
  ),
  field(
    'relation',
    'Relation to head',
    'head',
    `relationship, relationship to head, relation to head of household, relationship to head of household, lien,
     lien de parente, lien avec le chef de menage, lien avec le chef, parentesco, relacion, relacion con el jefe de hogar,
     parentesco com o chefe, relacao com o chefe, صلة القرابة, القرابة, العلاقة برب الأسرة`,
  ),
  field(
    'name',
    'Full name',
    'Amina Diallo',
    `name, member name, person name, nom complet, nom et prenom, nom et prenoms, prenom et nom, prenoms et nom,
     nombre completo, nombre y apellido, nombre y apellidos, nombres y apellidos, nome completo, nome, الاسم,
     الاسم الكامل, الاسم الرباعي`,
    { isRequired: true, unless: ['given_name', 'family_name'] },
  ),
  field(
    'given_name',
    'Given name',
    'Amina',
    'first name, forename, given names, prenom, prenoms, nombre, nombres, primer nombre, nome proprio, الاسم الأول',
  ),
  field(
    'family_name',
    'Family name',
    'Diallo',
    `last name, surname, family name, nom, nom de famille, apellido, apellidos, apelido, sobrenome, اسم العائلة,
     اللقب`,
  ),
  field('sex', 'Sex', 'F', 'gender, sexe, genre, sexo, genero, الجنس, النوع'),
  field(
    'birth_date',
    'Date of birth',
    '1984-03-21',
    `birth date, birthdate, dob, born, year of birth, date de naissance, date naissance, annee de naissance,
     fecha de nacimiento, fecha nacimiento, data de nascimento, data nascimento, تاريخ الميلاد, تاريخ الولادة`,
  ),
  field(
    'phone',
    'Phone',
    '+221771234567',
    `phone number, telephone, telephone number, mobile, mobile number, mobile phone, tel, numero de telephone, portable,
     telefono, numero de telefono, celular, movil, telefone, telemovel, numero de telefone, رقم الهاتف, الهاتف, الجوال`,
  ),
  field(
    'area',
    'Area code',
    'SN0101',
    `area, pcode, p code, location code, village code, admin code, adm1 pcode, adm2 pcode, adm3 pcode, adm4 pcode,
     zone, code zone, code localite, code commune, codigo de area, codigo de zona, zona, codigo da area,
     رمز المنطقة, المنطقة`,
  ),
  field(
    'identifier_type',
    'Identifier type',
    'national_id',
    `id type, document type, type of document, type de document, type d identifiant, type de piece,
     tipo de documento, نوع الهوية, نوع الوثيقة`,
  ),
  field(
    'identifier',
    'Identifier',
    '1234567890',
    `id number, identity number, national id, national id number, nid, nin, identifiant, numero d identite, cni,
     numero cni, numero de piece, numero de documento, documento, cedula, dni, curp, numero do documento, bi, cpf,
     رقم الهوية, الرقم الوطني, رقم البطاقة`,
  ),
  field(
    'account_kind',
    'Account kind',
    'mobile_wallet',
    'account type, payment method, type de compte, mode de paiement, tipo de cuenta, tipo de conta, نوع الحساب',
  ),
  field(
    'account',
    'Account',
    '+221771234567',
    `account number, iban, bank account, wallet, mobile money, mobile money number, numero de compte, compte,
     compte bancaire, numero de cuenta, cuenta, conta, numero da conta, رقم الحساب, الحساب`,
  ),
  field(
    'bank_code',
    'Bank code',
    'CBAOSNDA',
    'bic, swift, bank, code banque, banque, codigo de banco, banco, codigo do banco, رمز البنك',
  ),
]

/**
 * All that columns can be mapped to: a header that fits one of our own fields and a custom attribute is ours, and one
 * that fits an attribute of both kinds goes to the first of `definitions`.
 */
export const fieldsWith = (definitions: readonly AttributeDefinition[]): readonly TargetField[] => [
  ...PEOPLE_FIELDS,
  ...definitions.map(attributeField),
]

/** A file to fill in: a header that suggests every field, and one row that shows how. */
export const templateOf = (fields: readonly TargetField[]): string => {
  const keys = fieldsByHeader(fields)
  const headerOf = ({ key, label, names }: TargetField) =>
    [label, ...names].find(name => keys.get(normalizeHeader(name)) === key) ?? key
  return `${csvLine(fields.map(headerOf), ',')}${fields.map(f => f.example).join(',')}\r\n`
}
