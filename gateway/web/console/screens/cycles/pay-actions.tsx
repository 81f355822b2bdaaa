import { useState } from 'preact/hooks'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { Button, type ButtonKind } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { JobProgress } from '../../shell/job-progress.tsx'
import { Later } from '../../shell/later.tsx'
import type { Cycle } from './words.tsx'

const batchForm = () => import('./batch-form.tsx').then(m => m.BatchForm)

/** Making a payment batch of what is due in cash and in no payment yet. */
export const MakeBatch = ({ cycle, kind }: { cycle: Cycle; kind: ButtonKind }) => {
  const t = useText('cycles')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button kind={kind} onClick={() => setOpen(true)}>
        {t('batch.do')}
      </Button>
      {isOpen && (
        <Dialog title={t('batch.title')} open onClose={() => setOpen(false)}>
          <Later load={batchForm} props={{ cycle, onClose: () => setOpen(false) }} />
        </Dialog>
      )}
    </>
  )
}

/** Issuing the cards that an approved cycle has not had yet. */
export const CardsButton = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const may = useMay('credential:issue')
  const [job, setJob] = useState<string>()
  const issue = useAction({
    act: () => dataOf(api.POST('/api/v1/credentials', { body: { cycle: cycle.reference } })),
    ask: () => ({ title: t('cards.title'), body: <p>{t('cards.text')}</p>, confirm: t('cards.do') }),
    onDone: answer => setJob(answer.job),
  })
  if (!may) return null
  return (
    <>
      <Button kind="secondary" busy={issue.busy} onClick={() => void issue.run()}>
        {t('cards.do')}
      </Button>
      {job && <JobProgress reference={job} onDone={() => void changed()} />}
    </>
  )
}
