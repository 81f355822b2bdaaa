import type { Step } from './walk.ts'

const HEADER =
  'Household,Relationship,Full name,Sex,Date of birth,Phone,Area,ID type,National ID,Account kind,Account,Bank\n'
const people = (name: string) =>
  `${HEADER}H1,head,${name},F,1990-04-12,,MU01,national_id,1001,bank_account,4400001,JOBKXXAA
H1,child,Biruk Tesfaye,M,2024-02-29,,MU01,,,,,
H2,head,Yusuf Ali,M,1970-01-20,,MU01,national_id,1002,bank_account,4400002,JOBKXXAA
,,Sola Marie,F,1999-01-20,,MU01,national_id,1003,,,
`

/** Somebody known gets an account, another joins a household that is new, and somebody new one that is known. */
const JOINING = `${HEADER}H1,head,Almaz Tesfaye,F,1990-04-12,,MU01,national_id,1001,bank_account,4400001,JOBKXXAA
H1,child,Biruk Tesfaye,M,2024-02-29,,MU01,,,bank_account,4400003,JOBKXXAA
H1,child,Sara Tesfaye,F,2025-02-28,,MU01,national_id,1004,bank_account,4400004,JOBKXXAA
H3,head,Noor Ali,M,1990-01-20,,MU01,national_id,1005,,,
H3,spouse,Sola Marie,F,1999-01-20,,MU01,national_id,1003,,,
`

const upload = (text: string): Step => ({
  does: 'uploadFile',
  query: '?name=people.csv',
  file: { type: 'text/csv', text: () => text },
  keep: (names, answer) => {
    names.file = answer.id!
  },
})
const start: Step = {
  does: 'startImport',
  body: ({ names }: { names: Record<string, string> }) => ({ file: names.file, country: 'ET' }),
  keep: (names, answer) => {
    names.import = answer.reference!
  },
}

/** Areas and people. */
export const country: readonly Step[] = [
  {
    does: 'createAreas',
    body: {
      areas: [
        { code: 'MU', name: 'Mutania' },
        { code: 'MU01', name: 'Coast', parent: 'MU' },
      ],
    },
  },
  {
    does: 'createAreas',
    body: {
      areas: [
        { code: 'MU01', name: 'The Coast', parent: 'MU' },
        { code: 'MU02', name: 'Hills', parent: 'MU' },
      ],
    },
  },
  {
    does: 'updateArea',
    at: { code: 'MU02' },
    body: { name: 'High Hills', names: { fr: 'Hautes collines' } },
  },
  {
    does: 'importAreas',
    file: {
      type: 'text/csv',
      text: () => 'admin1Name_en,admin1Pcode,admin0Name_en,admin0Pcode\nThe Hills,MU02,Mutania,MU\n',
    },
  },
  {
    does: 'createAttributeDefinition',
    body: { kind: 'group', code: 'score', type: 'number', label: 'Score' },
  },
  upload(people('Almaz Tesfaye')),
  start,
  { does: 'retestImport', at: { reference: 'import' }, body: { country: 'ET', keep: ['phone'] } },
  { does: 'commitImport', at: { reference: 'import' }, body: {} },
  upload(people('Almaz Bekele')),
  start,
  { does: 'commitImport', at: { reference: 'import' }, body: {} },
  { does: 'undoImport', at: { reference: 'import' } },
  upload(JOINING),
  start,
  { does: 'commitImport', at: { reference: 'import' }, body: {} },
  { does: 'undoImport', at: { reference: 'import' } },
]
