import { ApiProblem, messageOf } from '../../../ui/api/problem.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Deed } from './deeds.tsx'

/** The card is not as the page showed it, or nothing may be done with it any more: the page shows what is there. */
const MOVED = [403, 404, 409]

type Props = {
  deed: Deed
  holder: string
  act: (reason: string) => Promise<string | undefined>
  /** Told when it was done, with the card that is good now if it is another one; and when somebody else was faster. */
  onDone: (next?: string) => void
  onClose: () => void
}

/** Says what will be done to a card, asks why, and does it. */
export const DeedDialog = ({ deed, holder, act, onDone, onClose }: Props) => {
  const t = useText('credentials')
  const form = useForm({
    initial: { reason: '' },
    submit: async ({ reason }) => {
      try {
        const next = await act(reason.trim())
        toast('success', t(`deeds.${deed}.done`))
        return next
      } catch (problem) {
        if (!(problem instanceof ApiProblem) || !MOVED.includes(problem.status)) throw problem
        toast('error', messageOf(problem))
        return undefined
      }
    },
    onDone: next => {
      void changed()
      onDone(next)
    },
  })
  return (
    <Dialog title={t(`deeds.${deed}.ask`, { name: holder })} open onClose={onClose}>
      <p>{t(`deeds.${deed}.does`)}</p>
      <Form
        form={form}
        submit={t(`deeds.${deed}.do`)}
        kind={deed === 'revoke' ? 'warning' : 'primary'}
        actions={
          <Button kind="secondary" onClick={onClose}>
            {t('deeds.cancel')}
          </Button>
        }
      >
        <TextArea
          form={form}
          name="reason"
          label={t('reason')}
          hint={t('deeds.reasonHint')}
          rows={3}
          maxLength={500}
        />
      </Form>
    </Dialog>
  )
}
