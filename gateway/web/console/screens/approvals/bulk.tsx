import { useEffect, useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { ApiProblem, messageOf } from '../../../ui/api/problem.ts'
import { asProblem, changed } from '../../../ui/api/queries.ts'
import type { components } from '../../../ui/api/schema.generated.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Count, Money } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Acting } from './acting.ts'
import { VerdictForm } from './verdict-form.tsx'
import { reasonText, riskMeaning, riskName } from './words.tsx'

/** Which requests: some by their references, or all that one can decide of a kind and a program. */
export type Chosen = { references: string[] } | { filter: { subjectType?: string; program?: string } }

type Preview = components['schemas']['ApprovalPreview']
type Outcome = { decided: number; finished: number }

export type BulkDecisionProps = {
  chosen: Chosen
  acting: Acting
  /** They were decided. */
  onDone: () => void
  onClose: () => void
}

/** A decision on many: what it is about is shown first, and exactly that is decided on, all of it or nothing. */
export const BulkDecision = ({ chosen, acting, onDone, onClose }: BulkDecisionProps) => {
  const t = useText('approvals')
  const selection = {
    ...chosen,
    ...acting.query,
  }
  const [preview, setPreview] = useState<Preview>()
  const [problem, setProblem] = useState<ApiProblem>()
  const [moved, setMoved] = useState<ApiProblem>()
  const [outcome, setOutcome] = useState<Outcome>()

  const look = async (): Promise<void> => {
    setProblem(undefined)
    try {
      setPreview(await dataOf(api.POST('/api/v1/approval-previews', { body: selection })))
    } catch (error) {
      setProblem(asProblem(error))
    }
  }
  useEffect(() => void look(), [])

  const decide = async (decision: components['schemas']['ApprovalVerdict']): Promise<Outcome> => {
    try {
      const body = { ...selection, etag: preview!.etag, decision }
      return await dataOf(api.POST('/api/v1/approval-decisions', { body }))
    } catch (error) {
      // What was shown is not what there is any more: it is shown anew, and what was typed stays.
      if (error instanceof ApiProblem && [403, 404, 409, 412, 422].includes(error.status)) {
        setMoved(error)
        void changed()
        await look()
      }
      throw error
    }
  }
  const finish = (result: Outcome): void => {
    setOutcome(result)
    onDone()
    void changed()
  }

  return (
    <Dialog title={t('bulk.title')} open onClose={onClose}>
      {outcome ? (
        <Result outcome={outcome} preview={preview!} onClose={onClose} />
      ) : problem ? (
        <Failure problem={problem} retry={() => void look()} />
      ) : preview === undefined ? (
        <Loading />
      ) : (
        <div class="ap-stack">
          {moved && (
            <Banner tone="warning" title={t('moved.title')}>
              <p>{moved.status === 412 ? t('bulk.moved') : messageOf(moved)}</p>
            </Banner>
          )}
          <PreviewOf preview={preview} />
          {preview.decidable > 0 && (
            <VerdictForm
              submit={t('bulk.decide', { count: preview.decidable })}
              decide={decide}
              onDone={finish}
              hint={t('bulk.allOrNone')}
            />
          )}
        </div>
      )}
    </Dialog>
  )
}

/** What would be decided, with counts and amounts; what not, and why; and what there is to look at. */
const PreviewOf = ({ preview }: { preview: Preview }) => {
  const t = useText('approvals')
  return (
    <>
      <Stats label={t('bulk.about')}>
        <Stat label={t('bulk.decidable')} value={<Count n={preview.decidable} />} />
        <Stat label={t('items')} value={<Count n={preview.items} />} />
        {preview.totals.map(({ value, currency, count }) => (
          <Stat
            key={currency}
            label={t('bulk.totalIn', { currency })}
            value={<Money amount={value} currency={currency} />}
            hint={t('bulk.requests', { count })}
          />
        ))}
      </Stats>
      {preview.more && <Banner tone="info">{t('bulk.more')}</Banner>}
      {preview.others.length > 0 && (
        <section>
          <h3 class="ap-heading">{t('bulk.others')}</h3>
          <Others preview={preview} />
        </section>
      )}
      {preview.risks.length > 0 && (
        <section>
          <h3 class="ap-heading">{t('risks.title')}</h3>
          <ul class="ap-list">
            {preview.risks.map(({ risk, count, references }) => (
              <li key={risk}>
                <strong>{riskName(risk)}</strong> · {t('bulk.requests', { count })}
                <p class="an-muted">{riskMeaning(risk)}</p>
                <References of={references} count={count} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

const Others = ({ preview }: { preview: Preview }) => {
  const t = useText('approvals')
  return (
    <ul class="ap-list">
      {preview.others.map(({ reason, count, references }) => (
        <li key={reason}>
          <strong>{t('bulk.requests', { count })}</strong> · {reasonText(reason)}
          <References of={references} count={count} />
        </li>
      ))}
    </ul>
  )
}

const MOST_SHOWN = 10

const References = ({ of, count }: { of: readonly string[]; count: number }) => {
  const t = useText('approvals')
  const shown = of.slice(0, MOST_SHOWN)
  return (
    <ul class="ap-references">
      {shown.map(reference => (
        <li key={reference}>
          <Link href={`/approvals/${reference}`}>
            <bdi dir="ltr">{reference}</bdi>
          </Link>
        </li>
      ))}
      {count > shown.length && <li>{t('bulk.andMore', { count: count - shown.length })}</li>}
    </ul>
  )
}

type ResultProps = { outcome: Outcome; preview: Preview; onClose: () => void }

const Result = ({ outcome, preview, onClose }: ResultProps) => {
  const t = useText('approvals')
  const left = outcome.decided - outcome.finished
  return (
    <div class="ap-stack">
      <Banner tone="success" title={t('bulk.decided', { count: outcome.decided })}>
        <p>{left > 0 ? t('bulk.goOn', { count: left }) : t('bulk.finished')}</p>
      </Banner>
      {preview.others.length > 0 && (
        <section>
          <h3 class="ap-heading">{t('bulk.notDecided')}</h3>
          <Others preview={preview} />
        </section>
      )}
      <div class="an-actions">
        <Button onClick={onClose}>{t('close')}</Button>
      </div>
    </div>
  )
}
