import { useState } from 'preact/hooks'
import { api, dataOf } from '../../../ui/api/client.ts'
import { type ApiProblem, messageOf } from '../../../ui/api/problem.ts'
import { asProblem } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { FileField } from '../../../ui/components/fields.tsx'
import { useForm } from '../../../ui/components/form.tsx'
import { Section, Summary } from '../../../ui/components/page.tsx'
import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { Code, Count, Instant } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import type { Entry } from '../deeds/sentence.tsx'
import {
  canCheck,
  checkProof,
  compareKept,
  type Finding,
  type Findings,
  type Proof,
  STEPS,
} from './check-proof.ts'
import { save } from './save.ts'

type Checked = { proof: Proof; findings: Findings | undefined }

const readAndCheck = async (entry: Entry): Promise<Checked> => {
  const init = { params: { path: { id: entry.id } } }
  const [proof, { keys }] = await Promise.all([
    dataOf(api.GET('/api/v1/audit-entries/{id}/proof', init)),
    dataOf(api.GET('/api/v1/audit-keys', {})),
  ])
  return { proof, findings: canCheck() ? await checkProof(proof, entry, keys) : undefined }
}

/** The proof that an entry is sealed: fetched and worked through in this browser when somebody asks for it. */
export const ProofSection = ({ entry }: { entry: Entry }) => {
  const t = useText('audit')
  const [checked, setChecked] = useState<Checked>()
  const [problem, setProblem] = useState<ApiProblem>()
  const [busy, setBusy] = useState(false)
  const isUnsealed = problem?.rule === 'not-sealed'
  const check = async () => {
    setBusy(true)
    setProblem(undefined)
    await readAndCheck(entry).then(setChecked, error => setProblem(asProblem(error)))
    setBusy(false)
  }
  return (
    <Section
      title={t('proof.title')}
      actions={
        <>
          {checked && (
            <Button
              kind="secondary"
              icon="download"
              onClick={() => save(`proof-${entry.id}.json`, JSON.stringify(checked.proof))}
            >
              {t('proof.save')}
            </Button>
          )}
          <Button kind="secondary" icon="lock" busy={busy} onClick={() => void check()}>
            {t('proof.check')}
          </Button>
        </>
      }
    >
      <div aria-live="polite">
        {problem && (
          <Banner tone={isUnsealed ? 'info' : 'error'} title={isUnsealed ? t('proof.unsealed') : undefined}>
            {isUnsealed ? t('proof.unsealedHint') : messageOf(problem)}
          </Banner>
        )}
        {checked ? <Result {...checked} /> : !problem && <p>{t('proof.lead')}</p>}
      </div>
    </Section>
  )
}

const Result = ({ proof, findings }: Checked) => {
  const t = useText('audit')
  const { head } = proof
  const found = Object.values(findings ?? {})
  const isBroken = found.includes('fails')
  const isWhole = found.length > 0 && found.every(finding => finding === 'holds')
  const verdict = !findings ? 'unchecked' : isBroken ? 'broken' : isWhole ? 'whole' : 'partly'
  const tone = isBroken ? 'error' : isWhole ? 'success' : 'warning'
  return (
    <>
      <Banner tone={tone} title={t(`proof.verdicts.${verdict}`)}>
        {t(`proof.verdictHints.${verdict}`)}
      </Banner>
      <Summary
        rows={[
          { label: t('proof.block'), value: <Code>{head.height}</Code> },
          { label: t('proof.sealedAt'), value: <Instant iso={head.sealedAt} full /> },
          { label: t('proof.entries'), value: <Count n={head.entries} /> },
          { label: t('proof.leaf'), value: <Code>{proof.leaf}</Code> },
          { label: t('proof.headHash'), value: <Code>{head.hash}</Code> },
          { label: t('proof.key'), value: <Code>{head.keyId}</Code> },
        ]}
      />
      {findings && (
        <ul class="an-audit-findings">
          {STEPS.map(step => (
            <li key={step}>
              <Found finding={findings[step]} />
              <span>{t(`proof.steps.${step}`)}</span>
            </li>
          ))}
        </ul>
      )}
      <Kept proof={proof} />
    </>
  )
}

const TONES: Record<Finding, Tone> = { holds: 'good', fails: 'bad', unknown: 'warning' }

const Found = ({ finding }: { finding: Finding }) => {
  const t = useText('audit')
  return <Tag tone={TONES[finding]}>{t(`proof.findings.${finding}`)}</Tag>
}

const LARGEST_FILE = 50_000_000

/** The comparison that only whoever kept heads can make: with a head that this server cannot alter. */
const Kept = ({ proof: { head } }: { proof: Proof }) => {
  const t = useText('audit')
  const format = useFormat()
  const [finding, setFinding] = useState<Finding>()
  const form = useForm<{ file?: File }>({ initial: {}, submit: async () => undefined })
  const compare = async () => {
    const { file } = form.values
    setFinding(file && compareKept(head, await file.text()))
  }
  const block = format.number(Number(head.height))
  return (
    <details class="govuk-details">
      <summary class="govuk-details__summary">{t('proof.keptTitle')}</summary>
      <div class="govuk-details__text">
        <p>{t('proof.keptLead')}</p>
        <FileField
          form={form}
          name="file"
          label={t('proof.keptFile')}
          accept=".jsonl"
          maxBytes={LARGEST_FILE}
        />
        <Button kind="secondary" disabled={!form.values.file} onClick={() => void compare()}>
          {t('proof.compare')}
        </Button>
        <p role="status">
          {finding && (
            <>
              <Found finding={finding} /> {t(`proof.kept.${finding}`, { block })}
            </>
          )}
        </p>
      </div>
    </details>
  )
}
