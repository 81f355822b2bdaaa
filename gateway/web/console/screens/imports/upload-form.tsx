import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiProblem } from '../../../ui/api/problem.ts'
import { Button } from '../../../ui/components/button.tsx'
import { FileField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Progress } from '../../../ui/components/progress.tsx'
import { type Text, useText } from '../../../ui/i18n/index.ts'
import { isNoText } from './not-csv.ts'
import type texts from './texts/en.json'
import { type Sent, upload } from './upload.ts'

type Props<T> = {
  /** Where a file of this name is sent to. */
  path: (name: string) => string
  label: string
  hint: ComponentChildren
  submit: string
  cancel: string
  /** Looks at what was refused, and may say it in another way. */
  refused?: (problem: unknown) => unknown
  onDone: (answer: T, file: File) => void
}

/** Choosing a CSV file and sending it, with its progress. What cannot be one is refused before it is sent. */
export const UploadForm = <T,>({ path, label, hint, submit, cancel, refused, onDone }: Props<T>) => {
  const t = useText('imports')
  const [sent, setSent] = useState<Sent>()
  const sending = useRef<AbortController>()
  useEffect(() => () => sending.current?.abort(), [])
  const form = useForm({
    initial: { file: undefined as File | undefined },
    submit: async ({ file }) => {
      if (!file) throw new Error('A file is required by its field.')
      await check(file, t)
      sending.current = new AbortController()
      const { signal } = sending.current
      try {
        const answer = await upload<T>({ path: path(file.name), file, onProgress: setSent, signal })
        return { answer, file }
      } catch (problem) {
        throw refused?.(problem) ?? problem
      } finally {
        setSent(undefined)
      }
    },
    onDone: ({ answer, file }) => onDone(answer, file),
  })
  const stop = (
    <Button kind="secondary" icon="close" onClick={() => sending.current?.abort()}>
      {t('upload.stop')}
    </Button>
  )
  return (
    <Form
      form={form}
      submit={form.failed > 0 ? t('upload.again') : submit}
      cancel={cancel}
      actions={form.busy && sent && stop}
    >
      <FileField form={form} name="file" label={label} hint={hint} accept=".csv,.txt,text/csv" />
      {form.busy && sent && <Progress {...inKilobytes(sent)} label={t('upload.going')} />}
    </Form>
  )
}

const inKilobytes = ({ done, total }: Sent): Sent => ({
  done: Math.ceil(done / 1000),
  total: Math.ceil(total / 1000),
})

const check = async (file: File, t: Text<typeof texts>): Promise<void> => {
  const wrong = file.size === 0 ? t('upload.empty') : (await isNoText(file)) ? t('upload.notCsv') : undefined
  if (wrong === undefined) return
  const errors = [{ pointer: '/file', code: 'file', detail: wrong }]
  throw new ApiProblem({ status: 400, title: wrong, detail: wrong, errors })
}
