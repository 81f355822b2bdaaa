import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Cycle } from './words.tsx'

export type Deed = 'return' | 'cancel'

type Props = { cycle: Cycle; deed: Deed; onClose: () => void }

/** Giving a cycle back, or cancelling it: with words that say why. */
export const WithComment = ({ cycle, deed, onClose }: Props) => {
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
