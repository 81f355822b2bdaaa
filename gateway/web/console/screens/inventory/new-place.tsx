import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { RadioField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { AreaField } from '../areas/area-field.tsx'
import { KINDS, type LocationKind } from './kinds.ts'
import { atField } from './refused.ts'

/** Opening a warehouse or service point. */
export const NewPlace = () => {
  const t = useText('inventory')
  const [, go] = useLocation()
  const mayFindAreas = useMay('area:read')
  const form = useForm({
    initial: { name: '', code: '', kind: '', area: '' },
    submit: ({ name, code, kind, area }) => {
      const body = { name: name.trim(), code: code.trim(), kind: kind as LocationKind, area: area.trim() }
      return dataOf(api.POST('/api/v1/locations', { body })).catch(problem => {
        throw atField(problem, { 'code-taken': '/code' })
      })
    },
    onDone: place => {
      void changed()
      toast('success', t('added', { name: place.name }))
      go(`/locations/${place.code}`)
    },
    draft: 'locations/new',
  })
  return (
    <Page title={t('addPlace')} back={{ href: '/locations', label: t('places') }}>
      <Form form={form} submit={t('addPlace')} cancel="/locations">
        <RadioField
          form={form}
          name="kind"
          label={t('kind')}
          options={KINDS.map(value => ({
            value,
            label: t(`kinds.${value}`),
            hint: t(`kindHints.${value}`),
          }))}
        />
        <TextField form={form} name="name" label={t('name')} />
        <TextField form={form} name="code" label={t('code')} hint={t('codeHint')} width="short" />
        {mayFindAreas ? (
          <AreaField form={form} name="area" label={t('area')} hint={t('areaHint')} />
        ) : (
          <TextField form={form} name="area" label={t('areaCode')} hint={t('areaHint')} width="short" />
        )}
      </Form>
    </Page>
  )
}
