import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ProgramFields } from './program-fields.tsx'
import { bodyOf, emptyProgram } from './values.ts'

/** Making a program: a draft that can be put right until it is activated, and later, too. */
export const NewProgram = () => {
  const t = useText('programs')
  const [, go] = useLocation()
  const form = useForm({
    initial: emptyProgram(),
    submit: values =>
      dataOf(api.POST('/api/v1/programs', { body: { code: values.code.trim(), ...bodyOf(values) } })),
    onDone: ({ code, name }) => {
      void changed()
      toast('success', t('made', { name }))
      go(`/programs/${code}`)
    },
    draft: 'programs/new',
  })
  return (
    <Page title={t('add')} lead={t('addLead')} back={{ href: '/programs', label: t('title') }}>
      <Form form={form} submit={t('make')} cancel="/programs">
        <ProgramFields form={form} isNew />
      </Form>
    </Page>
  )
}
