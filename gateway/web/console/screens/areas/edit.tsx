import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { TextField } from '../../../ui/components/fields.tsx'
import { Form } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { LANGUAGES, useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'
import { languageName } from './language-name.ts'

type Area = AnswerOf<'/api/v1/areas/{code}'>

/** Changing what an area is called. Its code and its place stay: people and grants refer to them. */
export const EditArea = ({ params }: ScreenProps) => {
  const init = { params: { path: { code: params.code! } } }
  const { data: area, problem, refresh } = useGet('/api/v1/areas/{code}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  return area ? <AreaForm area={area} /> : <Loading />
}

/** The languages that a name can be given in here, besides those it has already. */
const languagesOf = ({ names }: Area): string[] => [
  ...new Set([...LANGUAGES.map(l => l.code as string), ...Object.keys(names)]),
]

const AreaForm = ({ area }: { area: Area }) => {
  const t = useText('areas')
  const [, go] = useLocation()
  const here = `/areas/${area.code}`
  const editing = useEditing({
    thing: area,
    valuesOf: ({ name, names }): Record<string, string> => ({ name, ...names }),
    save: ({ name = '', ...names }, ifMatch) => {
      const given = Object.fromEntries(Object.entries(names).filter(([, text]) => text.trim() !== ''))
      const change = { params: { path: { code: area.code }, header: { 'If-Match': ifMatch } } }
      return dataOf(api.PATCH('/api/v1/areas/{code}', { ...change, body: { name, names: given } }))
    },
    onDone: () => {
      toast('success', t('saved'))
      go(here)
    },
    draft: `areas/${area.code}`,
  })
  const nameIn = (language: string) => t('nameIn', { language: languageName(language) })
  return (
    <Page title={t('editTitle', { name: area.name })} back={{ href: here, label: area.name }}>
      <Meanwhile editing={editing} label={field => (field === 'name' ? t('name') : nameIn(field))} />
      <Form form={editing.form} cancel={here}>
        <TextField form={editing.form} name="name" label={t('name')} />
        {languagesOf(area).map(language => (
          <TextField
            key={language}
            form={editing.form}
            name={language}
            label={nameIn(language)}
            required={false}
          />
        ))}
      </Form>
    </Page>
  )
}
