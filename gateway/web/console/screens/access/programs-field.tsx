import { useState } from 'preact/hooks'
import { api, dataOf } from '../../../ui/api/client.ts'
import { SuggestManyField, TextField } from '../../../ui/components/fields.tsx'
import type { FormState } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { GrantValues } from './grant-values.ts'

const findPrograms = async (q: string, signal: AbortSignal) => {
  const query = q === '' ? { limit: 10 } : { q, limit: 10 }
  const { items } = await dataOf(api.GET('/api/v1/programs', { params: { query }, signal }))
  return items.map(program => ({ value: program.code, label: program.code, hint: program.name }))
}

/** Programs of a grant: searched for, or typed by who may not see programs, as administrators of users may not. */
export const ProgramsField = ({ part }: { part: FormState<GrantValues> }) => {
  const t = useText('access')
  const maySee = useMay('program:read')
  if (!maySee) return <CodesField part={part} />
  return <SuggestManyField form={part} name="programs" label={t('grants.programs')} load={findPrograms} />
}

const codesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,;،]+/)
      .filter(code => code !== '')
      .map(code => code.toUpperCase()),
  ),
]

/** A text whose meaning is the list of codes in it: what is typed stays as it is typed. */
const CodesField = ({ part }: { part: FormState<GrantValues> }) => {
  const t = useText('access')
  const { programs } = part.values
  const [typed, setTyped] = useState(programs.join(' '))
  const text = codesIn(typed).join() === programs.join() ? typed : programs.join(' ')
  const asText: FormState<{ programs: string }> = {
    ...part,
    values: { programs: text },
    set: (_name, value) => {
      setTyped(value)
      part.set('programs', codesIn(value))
    },
    reset: () => undefined,
  }
  return (
    <TextField
      form={asText}
      name="programs"
      label={t('grants.programCodes')}
      hint={t('grants.programCodesHint')}
      dir="ltr"
    />
  )
}
