import './payments.scss'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import type { ApiProblem } from '../../../ui/api/problem.ts'
import { type AnswerOf, asProblem, changed, useGet } from '../../../ui/api/queries.ts'
import type { components } from '../../../ui/api/schema.generated.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { CheckboxesField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Money } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import { Group } from './group.tsx'
import { causeWords, reasonWords } from './words.tsx'

type Failures = AnswerOf<'/api/v1/payment-batches/{reference}/failures'>
type Preview = components['schemas']['PaymentRetryPreview']

/** Trying again what failed: what that would pay, and who would still have to wait, before it is done. */
export const RetryBatch = ({ params }: ScreenProps) => {
  const reference = params.reference!
  const { data, problem, refresh } = useGet('/api/v1/payment-batches/{reference}/failures', {
    params: { path: { reference } },
  })
  if (problem && !data) return <Failure problem={problem} retry={refresh} />
  return data ? <RetryForm reference={reference} failures={data} /> : <Loading />
}

/** Asks the server what a retry would do, anew whenever the choice changes. */
const usePreview = (reference: string, reviewed: readonly string[]) => {
  const [now, setNow] = useState<{ preview?: Preview; problem?: ApiProblem }>({})
  const [asked, setAsked] = useState(0)
  const choice = reviewed.join('\n')
  useEffect(() => {
    const stop = new AbortController()
    const params = { path: { reference }, query: { dryRun: true } }
    const body = { reviewed: codesOf(reviewed) }
    dataOf(
      api.POST('/api/v1/payment-batches/{reference}/retries', { params, body, signal: stop.signal }),
    ).then(
      preview => !stop.signal.aborted && setNow({ preview: preview as Preview }),
      error => !stop.signal.aborted && setNow({ problem: asProblem(error) }),
    )
    return () => stop.abort()
  }, [reference, choice, asked])
  return { ...now, ask: () => setAsked(n => n + 1) }
}

/** An empty value cannot be chosen in a list of boxes: no reason given has a name of its own. */
const NONE = 'none'
const codesOf = (chosen: readonly string[]): string[] => chosen.map(code => (code === NONE ? '' : code))

/** Reasons that only a person can judge. A blocked account is never tried again before it is another one. */
const toReview = ({ failed }: Failures) =>
  failed
    .filter(({ repair, cause }) => repair === 'review' && cause !== 'blocked')
    .flatMap(group => group.reasons)

const RetryForm = ({ reference, failures }: { reference: string; failures: Failures }) => {
  const t = useText('payments')
  const [, go] = useLocation()
  const here = `/payment-batches/${reference}`
  const form = useForm({
    initial: { reviewed: [] as readonly string[] },
    submit: ({ reviewed }) =>
      dataOf(
        api.POST('/api/v1/payment-batches/{reference}/retries', {
          params: { path: { reference } },
          body: { reviewed: codesOf(reviewed) },
        }),
      ),
    onDone: made => {
      void changed()
      if (!('reference' in made)) return
      toast('success', t('retry.done'))
      go(`/payment-batches/${made.reference}`)
    },
  })
  const { preview, problem, ask } = usePreview(reference, form.values.reviewed)
  const doubtful = toReview(failures)
  return (
    <Page
      title={t('retry.title')}
      lead={t('retry.lead')}
      back={{ href: here, label: t('batchTitle', { reference }) }}
    >
      {problem && !preview && <Failure problem={problem} retry={ask} />}
      {preview && <WhatItDoes preview={preview} />}
      {preview && (preview.payments > 0 || doubtful.length > 0) && (
        <Form form={form} submit={t('retry.button', { count: preview.payments })} cancel={here}>
          {doubtful.length > 0 && (
            <CheckboxesField
              form={form}
              name="reviewed"
              label={t('retry.reviewed')}
              hint={t('retry.reviewedHint')}
              required={false}
              options={doubtful.map(({ code, words, payments }) => ({
                value: code ?? NONE,
                label: reasonWords(code, words),
                hint: t('paymentCount', { count: payments }),
              }))}
            />
          )}
        </Form>
      )}
    </Page>
  )
}

const WhatItDoes = ({ preview }: { preview: Preview }) => {
  const t = useText('payments')
  const { currency } = preview
  return (
    <>
      <Stats label={t('retry.numbers')}>
        <Stat
          label={t('retry.would')}
          value={<Money amount={preview.total} currency={currency} />}
          hint={t('paymentCount', { count: preview.payments })}
        />
      </Stats>
      {preview.byReason.length > 0 && (
        <Section title={t('retry.again')}>
          <ul class="pay-groups">
            {preview.byReason.map(group => (
              <Group
                key={group.reasonCode}
                title={reasonWords(group.reasonCode, group.words)}
                cure={t('retry.anew')}
                sum={group}
                currency={currency}
              />
            ))}
          </ul>
        </Section>
      )}
      {preview.left.length > 0 && (
        <Section title={t('retry.left')}>
          <ul class="pay-groups">
            {preview.left.map(group => (
              <Group
                key={group.cause}
                title={causeWords(group.cause, group.words)}
                cure={t(`repairs.${group.repair}`)}
                sum={group}
                currency={currency}
              />
            ))}
          </ul>
        </Section>
      )}
      {preview.payments === 0 && <p class="pay-said">{t('retry.nothing')}</p>}
    </>
  )
}
