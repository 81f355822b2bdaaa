import { useState } from 'preact/hooks'
import { api, dataOf } from '../../../ui/api/client.ts'
import type { ApiProblem } from '../../../ui/api/problem.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { confirm } from '../../../ui/components/dialog.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Acting } from './acting.ts'
import { DeedDialog } from './deed-dialog.tsx'
import { useDecisionKeys } from './keys.ts'
import type { Approval, Verdict } from './words.tsx'

/** What can be done with words. */
type Deed = Verdict | 'withdraw' | 'bypass' | 'comment'

export type DeedsProps = {
  approval: Approval
  acting: Acting
  onDecided: () => void
  onMoved: (problem: ApiProblem) => void
}

/** The buttons of a request: what the API says that whoever reads can do, and nothing else. */
export const Deeds = ({ approval, acting, onDecided, onMoved }: DeedsProps) => {
  const t = useText('approvals')
  const [open, setOpen] = useState<Deed>()
  const [busy, setBusy] = useState(false)
  const { options } = approval
  const can = (option: Approval['options'][number]): boolean => options.includes(option)
  useDecisionKeys({ a: () => setOpen('approve'), r: () => setOpen('return') }, can('decide') && !open)

  const acknowledge = async (): Promise<void> => {
    setBusy(true)
    try {
      const path = { params: { path: { reference: approval.reference } } }
      await api.POST('/api/v1/approvals/{reference}/acknowledge', path)
      toast('success', t('done.acknowledge'))
    } catch (problem) {
      onMoved(problem as ApiProblem)
    }
    setBusy(false)
    void changed()
  }
  const finish = (deed: Deed): void => {
    setOpen(undefined)
    toast('success', t(`done.${deed}`))
    void changed()
    if (deed === 'approve' || deed === 'return' || deed === 'reject') onDecided()
  }
  const button = (deed: Deed, kind: 'primary' | 'secondary' | 'warning' | 'quiet') => (
    <Button kind={kind} onClick={() => setOpen(deed)}>
      {t(`deeds.${deed}.button`)}
    </Button>
  )
  return (
    <>
      {can('decide') && (
        <>
          {button('approve', 'primary')}
          {button('return', 'secondary')}
          {button('reject', 'warning')}
        </>
      )}
      {can('acknowledge') && (
        <Button busy={busy} onClick={() => void acknowledge()}>
          {t('acknowledge')}
        </Button>
      )}
      {can('withdraw') && button('withdraw', 'secondary')}
      {can('comment') && button('comment', 'secondary')}
      {can('bypass') && button('bypass', 'quiet')}
      {open && (
        <DeedDialog
          key={open}
          title={t(`deeds.${open}.title`)}
          text={t(`deeds.${open}.text`, { title: approval.title })}
          submit={t(`deeds.${open}.submit`)}
          kind={open === 'reject' || open === 'bypass' ? 'warning' : undefined}
          label={t(open === 'bypass' ? 'reasonWhy' : 'comment')}
          hint={open === 'bypass' ? t('reasonHint') : undefined}
          required={open !== 'approve'}
          draft={`approvals/${approval.reference}/${open}`}
          act={wayOf(approval, acting, t)(open)}
          onDone={() => finish(open)}
          onMoved={problem => {
            setOpen(undefined)
            onMoved(problem)
            void changed()
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  )
}

type Say = ReturnType<typeof useText<'approvals'>>

/** How each is sent. */
const wayOf =
  ({ reference }: Approval, acting: Acting, t: Say) =>
  (deed: Deed) =>
  async (said: string): Promise<unknown> => {
    const params = { params: { path: { reference } } }
    if (deed === 'withdraw')
      return dataOf(
        api.POST('/api/v1/approvals/{reference}/withdraw', { ...params, body: { comment: said } }),
      )
    if (deed === 'comment')
      return dataOf(
        api.POST('/api/v1/approvals/{reference}/comments', { ...params, body: { comment: said } }),
      )
    if (deed === 'bypass') {
      const isMeant = await confirm({
        title: t('deeds.bypass.sure'),
        body: t('deeds.bypass.sureText'),
        confirm: t('deeds.bypass.submit'),
        kind: 'warning',
        typed: reference,
      })
      if (!isMeant) return null
      return dataOf(api.POST('/api/v1/approvals/{reference}/bypass', { ...params, body: { reason: said } }))
    }
    const body = { verdict: deed, ...(said === '' ? {} : { comment: said }), ...acting.query }
    return dataOf(api.POST('/api/v1/approvals/{reference}/decision', { ...params, body }))
  }
