import { useState } from 'preact/hooks'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Menu, type MenuItem } from '../../../ui/components/menu.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { useProgress } from './path.ts'
import { type Cycle, Measured } from './words.tsx'

type Deed = 'return' | 'cancel'

/** What else can be done to a cycle than what comes next. */
export const CycleMenu = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const mayPrepare = useMay('cycle:prepare')
  const mayApprove = useMay('cycle:approve')
  const [deed, setDeed] = useState<Deed>()
  const close = useClose(cycle)
  const { state } = cycle
  const mayCancel =
    state === 'approved'
      ? mayApprove
      : mayPrepare && (state === 'draft' || state === 'prepared' || state === 'submitted')
  const items: MenuItem[] = [
    ...(mayPrepare && (state === 'approved' || state === 'distributing')
      ? [{ label: t('close.do'), onSelect: () => void close.run() }]
      : []),
    ...(mayApprove && state === 'submitted'
      ? [{ label: t('moves.return.do'), onSelect: () => setDeed('return') }]
      : []),
    ...(mayCancel
      ? [{ label: t('moves.cancel.do'), tone: 'bad' as const, onSelect: () => setDeed('cancel') }]
      : []),
  ]
  if (items.length === 0) return null
  return (
    <>
      <Menu label={t('more')} items={items} />
      {deed && <WithComment cycle={cycle} deed={deed} onClose={() => setDeed(undefined)} />}
    </>
  )
}

const useClose = (cycle: Cycle) => {
  const t = useText('cycles')
  const { reference } = cycle
  const left = (useProgress(cycle).data?.components ?? []).filter(({ open }) => open.count > 0)
  return useAction({
    act: () => dataOf(api.POST('/api/v1/cycles/{reference}/close', { params: { path: { reference } } })),
    ask: () => ({
      title: t('close.title'),
      body: (
        <>
          <p>{t(left.length > 0 ? 'close.text' : 'close.allGiven')}</p>
          <ul>
            {left.map(of => (
              <li key={of.component}>
                <Measured of={of} amount={of.open.amount} />
              </li>
            ))}
          </ul>
        </>
      ),
      confirm: t('close.do'),
      kind: 'warning',
    }),
    done: t('close.done'),
  })
}

type Props = { cycle: Cycle; deed: Deed; onClose: () => void }

const WithComment = ({ cycle, deed, onClose }: Props) => {
  const t = useText('cycles')
  const { reference } = cycle
  const form = useForm({
    initial: { comment: '' },
    submit: ({ comment }) => {
      const said = { params: { path: { reference } }, body: { comment: comment.trim() } }
      return deed === 'return'
        ? dataOf(api.POST('/api/v1/cycles/{reference}/return', said))
        : dataOf(api.POST('/api/v1/cycles/{reference}/cancel', said))
    },
    onDone: () => {
      void changed()
      toast('success', t(`moves.${deed}.done`))
      onClose()
    },
    draft: `cycles/${reference}/${deed}`,
  })
  return (
    <Dialog title={t(`moves.${deed}.title`)} open onClose={onClose}>
      <p>{t(`moves.${deed}.text`)}</p>
      <Form
        form={form}
        submit={t(`moves.${deed}.do`)}
        kind={deed === 'cancel' ? 'warning' : 'primary'}
        actions={
          <Button kind="secondary" onClick={onClose}>
            {t('back')}
          </Button>
        }
      >
        <TextArea form={form} name="comment" label={t('why')} rows={3} maxLength={1000} />
      </Form>
    </Dialog>
  )
}
