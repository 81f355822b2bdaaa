import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { SelectField, TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { type Enrolment, type EnrolmentStatus, EXIT_REASONS } from './words.tsx'

/** What can become of an enrolment. */
export type Change = 'suspended' | 'enrolled' | 'exited'

const FROM: Record<Change, readonly EnrolmentStatus[]> = {
  suspended: ['enrolled'],
  enrolled: ['suspended', 'candidate', 'waitlisted'],
  exited: ['enrolled', 'suspended', 'candidate', 'waitlisted'],
}

export const changesFrom = (status: EnrolmentStatus): Change[] =>
  (Object.keys(FROM) as Change[]).filter(to => FROM[to].includes(status))

type Props = { enrolment: Enrolment; to: Change; onClose: () => void }

/** Suspending, resuming or ending one enrolment, with the reason where one is needed. */
export const ChangeStatus = ({ enrolment, to, onClose }: Props) => {
  const t = useText('programs')
  const { reference, registrant, registrantName } = enrolment
  const name = registrantName ?? registrant
  const form = useForm({
    initial: { reason: '' },
    submit: ({ reason }) =>
      dataOf(
        api.PUT('/api/v1/enrolments/{reference}/status', {
          params: { path: { reference } },
          body: { to, ...(to === 'enrolled' ? {} : { reason: reason.trim() }) },
        }),
      ),
    onDone: () => {
      void changed()
      toast('success', t(`change.${to}.done`, { name }))
      onClose()
    },
  })
  return (
    <Dialog title={t(`change.${to}.title`, { name })} open onClose={onClose}>
      <p>{t(`change.${to}.text`)}</p>
      <Form
        form={form}
        submit={t(`change.${to}.do`)}
        kind={to === 'exited' ? 'warning' : 'primary'}
        actions={
          <Button kind="secondary" onClick={onClose}>
            {t('cancel')}
          </Button>
        }
      >
        {to === 'suspended' && (
          <TextArea form={form} name="reason" label={t('people.reason')} rows={3} maxLength={500} />
        )}
        {to === 'exited' && (
          <SelectField
            form={form}
            name="reason"
            label={t('people.reason')}
            options={EXIT_REASONS.map(value => ({ value, label: t(`exits.${value}`) }))}
          />
        )}
      </Form>
    </Dialog>
  )
}
