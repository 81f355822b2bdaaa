import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { TextField } from '../../../ui/components/fields.tsx'
import { Form } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'

type Named = { code: string; name: string; version: number }

/** Calling a place otherwise. Its code, kind and area stay. */
export const RenamePlace = ({ params }: ScreenProps) => {
  const path = { code: params.code! }
  const { data, problem, refresh } = useGet('/api/v1/locations/{code}', { params: { path } })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  return (
    <NameForm
      thing={data}
      here={`/locations/${data.code}`}
      save={(name, ifMatch) => {
        const init = { params: { path, header: { 'If-Match': ifMatch } }, body: { name } }
        return dataOf(api.PATCH('/api/v1/locations/{code}', init))
      }}
    />
  )
}

/** Calling an item otherwise. Its code and its unit stay. */
export const RenameItem = ({ params }: ScreenProps) => {
  const path = { code: params.code! }
  const { data, problem, refresh } = useGet('/api/v1/items/{code}', { params: { path } })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  return (
    <NameForm
      thing={data}
      here={`/items/${data.code}`}
      save={(name, ifMatch) => {
        const init = { params: { path, header: { 'If-Match': ifMatch } }, body: { name } }
        return dataOf(api.PATCH('/api/v1/items/{code}', init))
      }}
    />
  )
}

type FormProps = {
  thing: Named
  here: string
  save: (name: string, ifMatch: string) => Promise<unknown>
}

const NameForm = ({ thing, here, save }: FormProps) => {
  const t = useText('inventory')
  const [, go] = useLocation()
  const editing = useEditing({
    thing,
    valuesOf: ({ name }) => ({ name }),
    save: ({ name }, ifMatch) => save(name.trim(), ifMatch),
    onDone: () => {
      toast('success', t('renamed'))
      go(here)
    },
    draft: here,
  })
  return (
    <Page title={t('renameTitle', { name: thing.name })} back={{ href: here, label: thing.name }}>
      <Meanwhile editing={editing} label={() => t('name')} />
      <Form form={editing.form} cancel={here}>
        <TextField form={editing.form} name="name" label={t('name')} />
      </Form>
    </Page>
  )
}
