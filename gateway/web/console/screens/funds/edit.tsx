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
import type { Fund } from './balances.ts'

/** Changing what a fund is called. Its code and its currency stay. */
export const EditFund = ({ params }: ScreenProps) => {
  const init = { params: { path: { code: params.code! } } }
  const { data: fund, problem, refresh } = useGet('/api/v1/funds/{code}', init)
  if (problem && !fund) return <Failure problem={problem} retry={refresh} />
  return fund ? <FundForm fund={fund} /> : <Loading />
}

const FundForm = ({ fund }: { fund: Fund }) => {
  const t = useText('funds')
  const [, go] = useLocation()
  const here = `/funds/${fund.code}`
  const editing = useEditing({
    thing: fund,
    valuesOf: ({ name }: Fund) => ({ name }),
    save: ({ name }, ifMatch) =>
      dataOf(
        api.PATCH('/api/v1/funds/{code}', {
          params: { path: { code: fund.code }, header: { 'If-Match': ifMatch } },
          body: { name: name.trim() },
        }),
      ),
    onDone: () => {
      toast('success', t('renamed'))
      go(here)
    },
    draft: here,
  })
  return (
    <Page title={t('editTitle', { name: fund.name })} back={{ href: here, label: fund.name }}>
      <Meanwhile editing={editing} label={() => t('name')} />
      <Form form={editing.form} cancel={here}>
        <TextField form={editing.form} name="name" label={t('name')} maxLength={200} />
      </Form>
    </Page>
  )
}
