import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { pointedAt } from '../../../ui/api/problem.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { DateField, SelectField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { placeOf } from '../../shell/places.ts'
import { useProgress } from './path.ts'
import { type Cycle, Measured } from './words.tsx'

const ACCOUNT_KINDS = ['iban', 'bank_account', 'mobile_wallet'] as const
type Payer = {
  name: string
  kind: (typeof ACCOUNT_KINDS)[number]
  value: string
  bankCode: string
  agent: string
}
const NO_PAYER: Payer = { name: '', kind: 'iban', value: '', bankCode: '', agent: '' }

/** Where the fields of the form are in what is sent. */
const FIELDS: Record<string, string> = {
  '/debtor/name': '/name',
  '/debtor/account/kind': '/kind',
  '/debtor/account/value': '/value',
  '/debtor/account/bankCode': '/bankCode',
  '/debtor/agent': '/agent',
}
const atFields = (problem: unknown): unknown => pointedAt(problem, pointer => FIELDS[pointer] ?? pointer)

type FormProps = { cycle: Cycle; onClose: () => void }

/** Who paid the last time is who pays now, unless somebody says otherwise. */
export const BatchForm = ({ cycle, onClose }: FormProps) => {
  const seesPayments = useMay('payment:read')
  const query = { program: cycle.program, limit: 1, sort: '-preparedAt' as const }
  const last = useGet('/api/v1/payment-batches', { params: { query } }, { when: seesPayments })
  if (seesPayments && !last.data && !last.problem) return <Loading />
  const debtor = last.data?.items[0]?.debtor
  const payer: Payer = debtor
    ? { ...NO_PAYER, ...debtor.account, name: debtor.name, agent: debtor.agent }
    : NO_PAYER
  return <PayerForm cycle={cycle} payer={payer} onClose={onClose} />
}

const useBatchForm = ({ cycle, payer, onClose }: FormProps & { payer: Payer }) => {
  const t = useText('cycles')
  const [, go] = useLocation()
  const { reference } = cycle
  return useForm({
    initial: { ...payer, requestedOn: '' },
    submit: async ({ name, kind, value, bankCode, agent, requestedOn }) => {
      const bank = bankCode.trim() === '' ? {} : { bankCode: bankCode.trim() }
      const account = { kind, value: value.trim(), ...bank }
      const debtor = { name: name.trim(), account, agent: agent.trim() }
      const body = { debtor, ...(requestedOn === '' ? {} : { requestedOn }) }
      return dataOf(
        api.POST('/api/v1/cycles/{reference}/payment-batches', { params: { path: { reference } }, body }),
      ).catch(problem => {
        throw atFields(problem)
      })
    },
    onDone: batch => {
      void changed()
      toast('success', t('batch.done'))
      onClose()
      const place = placeOf('payment-batch', batch.reference)
      if (place) go(place)
    },
  })
}

const PayerForm = (props: FormProps & { payer: Payer }) => {
  const t = useText('cycles')
  const form = useBatchForm(props)
  const open = (useProgress(props.cycle).data?.components ?? []).filter(({ kind }) => kind === 'cash')
  return (
    <>
      <p>{t('batch.text')}</p>
      {open.map(of => (
        <p key={of.component}>
          <strong>
            <Measured of={of} amount={of.open.amount} />
          </strong>{' '}
          {t('batch.open')}
        </p>
      ))}
      <Form
        form={form}
        submit={t('batch.do')}
        actions={
          <Button kind="secondary" onClick={props.onClose}>
            {t('cancel')}
          </Button>
        }
      >
        <TextField form={form} name="name" label={t('batch.payer')} maxLength={140} />
        <SelectField
          form={form}
          name="kind"
          label={t('batch.accountKind')}
          options={ACCOUNT_KINDS.map(value => ({ value, label: t(`batch.kinds.${value}`) }))}
        />
        <TextField form={form} name="value" label={t('batch.account')} maxLength={60} dir="ltr" />
        <TextField
          form={form}
          name="bankCode"
          label={t('batch.bankCode')}
          required={false}
          maxLength={35}
          dir="ltr"
        />
        <TextField
          form={form}
          name="agent"
          label={t('batch.agent')}
          hint={t('batch.agentHint')}
          maxLength={35}
          dir="ltr"
        />
        <DateField
          form={form}
          name="requestedOn"
          label={t('batch.requestedOn')}
          hint={t('batch.requestedOnHint')}
          required={false}
        />
      </Form>
    </>
  )
}
