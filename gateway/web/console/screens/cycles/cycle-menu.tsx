import { useState } from 'preact/hooks'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { Menu, type MenuItem } from '../../../ui/components/menu.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { Later } from '../../shell/later.tsx'
import { useProgress } from './path.ts'
import type { Deed } from './with-comment.tsx'
import { type Cycle, Measured } from './words.tsx'

// What asks for words is fetched when somebody wants to say some.
const withComment = () => import('./with-comment.tsx').then(m => m.WithComment)

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
      {deed && (
        <Later load={withComment} props={{ cycle, deed, onClose: () => setDeed(undefined) }} until="" />
      )}
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
