import '../approvals/approvals.scss'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { Banner, toast } from '../../../ui/components/banner.tsx'
import { SuggestManyField, TextField } from '../../../ui/components/fields.tsx'
import { Form, type FormState, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { PeriodFields, restOf } from './parts.tsx'
import { periodOf } from './period.ts'

const INITIAL = { from: '', until: '', subjectTypes: [] as string[], programs: [] as string[], reason: '' }

/** Declaring a time in which nothing is submitted or decided. */
export const NewFreeze = () => {
  const t = useText('delegations')
  const [, go] = useLocation()
  const form = useForm({
    initial: INITIAL,
    submit: values => {
      const programs = values.programs.length > 0 ? { programs: [...values.programs] } : {}
      const body = { ...periodOf(values), ...restOf(values), ...programs }
      return dataOf(api.POST('/api/v1/approval-freezes', { body }))
    },
    onDone: () => {
      void changed()
      toast('success', t('addedFreeze'))
      go('/freezes')
    },
    draft: 'freezes/new',
  })
  return (
    <Page title={t('addFreeze')} back={{ href: '/freezes', label: t('freezes') }}>
      <Banner tone="info">{t('freezeMeans')}</Banner>
      <Form form={form} submit={t('addFreeze')} cancel="/freezes">
        <PeriodFields form={form} />
        <ProgramsField form={form} />
      </Form>
    </Page>
  )
}

const find = async (q: string, signal: AbortSignal) => {
  const query = { limit: 10, ...(q === '' ? {} : { q }) }
  const { items } = await dataOf(api.GET('/api/v1/programs', { params: { query }, signal }))
  return items.map(program => ({ value: program.code, label: program.name, hint: program.code }))
}

type Values = typeof INITIAL

/** For which programs: searched for, or by their codes for those who may not see programs. */
const ProgramsField = ({ form }: { form: FormState<Values> }) => {
  const t = useText('delegations')
  const maySearch = useMay('program:read')
  const props = { label: t('programs'), required: false } as const
  if (maySearch)
    return <SuggestManyField form={form} name="programs" {...props} hint={t('programsHint')} load={find} />
  const codes = {
    ...form,
    values: { programs: form.values.programs.join(' ') },
    set: (_: 'programs', text: string) => form.set('programs', text.split(/[\s,]+/).filter(Boolean)),
  } as FormState<{ programs: string }>
  return <TextField form={codes} name="programs" {...props} hint={t('codesHint')} dir="ltr" />
}
