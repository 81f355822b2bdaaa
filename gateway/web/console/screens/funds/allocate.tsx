import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { confirm } from '../../../ui/components/dialog.tsx'
import { MoneyField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Money, Name } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import type { Fund } from './balances.ts'

/** Putting money into a fund: what it would be is shown before anything is booked. */
export const AllocateToFund = ({ params }: ScreenProps) => {
  const init = { params: { path: { code: params.code! } } }
  const { data: fund, problem, refresh } = useGet('/api/v1/funds/{code}', init)
  if (problem && !fund) return <Failure problem={problem} retry={refresh} />
  return fund ? <AllocationForm fund={fund} /> : <Loading />
}

const AllocationForm = ({ fund }: { fund: Fund }) => {
  const t = useText('funds')
  const format = useFormat()
  const [, go] = useLocation()
  const here = `/funds/${fund.code}`
  const path = { code: fund.code }
  const form = useForm({
    initial: { amount: '' },
    submit: async ({ amount }) => {
      const body = { amount }
      const preview = { params: { path, query: { dryRun: true } }, body }
      const then = await dataOf(api.POST('/api/v1/funds/{code}/allocations', preview))
      const more = format.money({ amount, currency: fund.currency })
      const isSure = await confirm({
        title: t('allocate.ask', { amount: more }),
        body: <Preview now={fund} then={then} />,
        confirm: t('allocate.do', { amount: more }),
      })
      if (!isSure) return undefined
      return dataOf(api.POST('/api/v1/funds/{code}/allocations', { params: { path }, body }))
    },
    onDone: after => {
      if (!after) return
      void changed()
      toast('success', t('allocate.done'))
      go(here)
    },
  })
  return (
    <Page title={t('allocate.title')} lead={<Name>{fund.name}</Name>} back={{ href: here, label: fund.name }}>
      <Form form={form} submit={t('allocate.show')} cancel={here}>
        <MoneyField form={form} name="amount" label={t('amount')} currency={fund.currency} />
      </Form>
    </Page>
  )
}

const SHOWN = ['available', 'allocated'] as const

const Preview = ({ now, then }: { now: Fund; then: Fund }) => {
  const t = useText('funds')
  return (
    <>
      <Summary
        rows={SHOWN.flatMap(balance => [
          {
            label: t('allocate.now', { what: t(balance) }),
            value: <Money amount={now[balance]} currency={now.currency} />,
          },
          {
            label: t('allocate.then', { what: t(balance) }),
            value: (
              <strong>
                <Money amount={then[balance]} currency={then.currency} />
              </strong>
            ),
          },
        ])}
      />
      <p>{t('allocate.final')}</p>
    </>
  )
}
