import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { seenFrom } from '../../../ui/api/problem.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { AreaField } from './area-field.tsx'

/** Adding one area; many at once come in a file. */
export const NewArea = () => {
  const t = useText('areas')
  const [, go] = useLocation()
  const form = useForm({
    initial: { code: '', name: '', parent: new URLSearchParams(location.search).get('parent') ?? '' },
    submit: async ({ code, name, parent }) => {
      const area = { code: code.trim(), name: name.trim(), ...(parent ? { parent } : {}) }
      await dataOf(api.POST('/api/v1/areas', { body: { areas: [area] } })).catch(problem => {
        throw seenFrom('/areas/0', problem)
      })
      return area
    },
    onDone: area => {
      void changed()
      toast('success', t('added', { name: area.name }))
      go(`/areas/${area.code}`)
    },
    draft: 'areas/new',
  })
  return (
    <Page title={t('add')} back={{ href: '/areas', label: t('title') }}>
      <Form form={form} submit={t('add')} cancel="/areas">
        <TextField form={form} name="name" label={t('name')} />
        <TextField form={form} name="code" label={t('code')} hint={t('codeHint')} width="short" />
        <AreaField form={form} name="parent" label={t('parent')} hint={t('parentHint')} required={false} />
      </Form>
    </Page>
  )
}
