import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { DateField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Cycle } from './words.tsx'

type Props = { cycle: Cycle; onJob: (reference: string) => void; onClose: () => void }

/** Has the entitlements of a cycle worked out: who is eligible on a day, and what each is due. */
export const PrepareDialog = ({ cycle, onJob, onClose }: Props) => {
  const t = useText('cycles')
  const { reference } = cycle
  const form = useForm({
    initial: { evaluationDate: '' },
    submit: ({ evaluationDate }) =>
      dataOf(
        api.POST('/api/v1/cycles/{reference}/prepare', {
          params: { path: { reference } },
          body: evaluationDate === '' ? {} : { evaluationDate },
        }),
      ),
    onDone: ({ job }) => {
      onJob(job)
      void changed()
      onClose()
    },
  })
  return (
    <Dialog title={t('prepare.title')} open onClose={onClose}>
      <p>{t('prepare.text')}</p>
      {cycle.state === 'prepared' && <p>{t('prepare.replaces')}</p>}
      <Form
        form={form}
        submit={t('prepare.do')}
        actions={
          <Button kind="secondary" onClick={onClose}>
            {t('cancel')}
          </Button>
        }
      >
        <DateField
          form={form}
          name="evaluationDate"
          label={t('evaluatedOn')}
          hint={t('prepare.dayHint')}
          required={false}
        />
      </Form>
    </Dialog>
  )
}
