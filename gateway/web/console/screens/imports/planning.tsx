import { useState } from 'preact/hooks'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useInspection, useLastAlike, type Writing } from './inspection.ts'
import { fieldLabel, type Import, issueKind, type Options, optionsOf } from './model.ts'
import { type Plan, planOf } from './plan.ts'
import { PlanForm } from './plan-form.tsx'
import { WritingChoice } from './writing.tsx'

type Props = {
  /** Id of the uploaded file. */
  file: string
  /** The import that is tested again. */
  again?: Import | undefined
  /** Where another file is chosen. */
  otherFile: string
  cancel: string
  test: (header: readonly string[], plan: Plan, writing: Writing) => Promise<string>
  onDone: (reference: string) => void
}

/** The step between a file that is uploaded and its test: what it looks like, and what its columns are. */
export const Planning = ({ file, again, otherFile, cancel, test, onDone }: Props) => {
  const t = useText('imports')
  const [writing, setWriting] = useState<Writing>(() => writingOf(again && optionsOf(again)))
  const inspected = useInspection(file, writing)
  const fields = useGet('/api/v1/imports/fields', {})
  const alike = useLastAlike(inspected.data?.header)
  const problem = inspected.problem ?? fields.problem
  const fault = inspected.problem?.errors[0]
  if (fault)
    return (
      <Banner tone="error" title={t('upload.unreadable')}>
        <p>{issueKind(fault.code)}</p>
        <p class="an-muted">
          <bdi>{fault.detail}</bdi>
        </p>
        <LinkButton href={otherFile}>{t('upload.other')}</LinkButton>
      </Banner>
    )
  if (problem)
    return (
      <Failure
        problem={problem}
        retry={() => {
          inspected.refresh()
          fields.refresh()
        }}
      />
    )
  const { data: inspection } = inspected
  if (!inspection || !fields.data || (alike === undefined && !again)) return <Loading lines={8} />
  const model = again ?? alike ?? undefined
  return (
    <>
      <div class="an-import-now an-import-file">
        <Section title={t('writing.title')}>
          <WritingChoice
            inspection={inspection}
            writing={writing}
            choose={setWriting}
            otherFile={otherFile}
          />
        </Section>
        {alike && !again && (
          <Banner tone="info">
            {t('columns.alike')} <Ref copy={false}>{alike.reference}</Ref>
          </Banner>
        )}
      </div>
      <PlanForm
        key={JSON.stringify(writing)}
        inspection={inspection}
        fields={fields.data.items.toSorted((a, b) => Number(isCustom(a.key)) - Number(isCustom(b.key)))}
        initial={planOf(
          inspection.header,
          model?.mapping ?? inspection.mapping,
          model ? optionsOf(model) : {},
        )}
        draft={`imports/${file}/${JSON.stringify(writing)}`}
        cancel={cancel}
        test={plan => test(inspection.header, plan, writing)}
        onDone={onDone}
      />
    </>
  )
}

const isCustom = (key: string): boolean => fieldLabel(key, '') === ''

const writingOf = ({ encoding, delimiter }: Options = {}): Writing =>
  ({ ...(encoding ? { encoding } : {}), ...(delimiter ? { delimiter } : {}) }) as Writing
