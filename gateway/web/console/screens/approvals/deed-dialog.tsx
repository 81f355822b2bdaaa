import { ApiProblem, pointedAt } from '../../../ui/api/problem.ts'
import { Button, type ButtonKind } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { MOST_SAID } from './verdict-form.tsx'

/** Statuses that say: things are not as the page shows them. */
const MOVED = [403, 404, 409, 412, 422]

export type DeedDialogProps = {
  title: string
  text: string
  submit: string
  kind?: ButtonKind | undefined
  label: string
  hint?: string | undefined
  /** Whether words are needed. */
  required: boolean
  /** What is typed is kept under this name until it is sent. */
  draft: string
  /** Does it; null when the person thought better of it. */
  act: (said: string) => Promise<unknown>
  onDone: () => void
  /** It is refused because something is not as it was shown: the page shows what is there now. */
  onMoved: (problem: ApiProblem) => void
  onClose: () => void
}

/** Something done to one request, with words of whoever does it. */
export const DeedDialog = (props: DeedDialogProps) => {
  const t = useText('approvals')
  const form = useForm({
    initial: { said: '' },
    submit: async ({ said }) => {
      try {
        return await props.act(said.trim())
      } catch (problem) {
        if (!(problem instanceof ApiProblem) || !MOVED.includes(problem.status)) throw atOwnField(problem)
        props.onMoved(problem)
        return null
      }
    },
    onDone: result => result !== null && props.onDone(),
    draft: props.draft,
  })
  return (
    <Dialog title={props.title} open onClose={props.onClose}>
      <p>{props.text}</p>
      <Form
        form={form}
        submit={props.submit}
        kind={props.kind}
        actions={
          <Button kind="secondary" onClick={props.onClose}>
            {t('cancel')}
          </Button>
        }
      >
        <TextArea
          form={form}
          name="said"
          label={props.label}
          hint={props.hint}
          required={props.required}
          rows={3}
          maxLength={MOST_SAID}
        />
      </Form>
    </Dialog>
  )
}

/** The one field of the dialog is called otherwise by each operation: what is wrong with it is shown at it. */
const atOwnField = (problem: unknown): unknown => pointedAt(problem, () => '/said')
