import './payments.scss'
import { Link } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { ApiProblem } from '../../../ui/api/problem.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { Banner, toast } from '../../../ui/components/banner.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Columns, Page, Section, Summary, type SummaryRow } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Code, Count, Instant, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { PaymentTag, type ReviewItem, reasonWords } from './words.tsx'

/** One item: what the report said, what is known here, and what a person found out about it. */
export const ReviewItemDetail = ({ params }: ScreenProps) => {
  const t = useText('payments')
  const reference = params.reference!
  const mayResolve = useMay('payment:approve')
  const {
    data: item,
    problem,
    refresh,
  } = useGet('/api/v1/payment-review-items/{reference}', {
    params: { path: { reference } },
  })
  if (problem && !item) return <Failure problem={problem} retry={refresh} />
  if (item?.reference !== reference) return <Loading />
  const { resolved } = item
  return (
    <Page
      title={t(`review.kinds.${item.kind}`)}
      heading={
        <span class="pay-line">
          {t(`review.kinds.${item.kind}`)}
          <Tag tone={resolved ? 'good' : 'warning'}>{t(resolved ? 'review.resolved' : 'review.open')}</Tag>
        </span>
      }
      lead={t(`review.means.${item.kind}`)}
      back={{ href: '/payment-review-items', label: t('review.title') }}
    >
      <Columns even>
        <Said item={item} />
        <Known item={item} />
      </Columns>
      {resolved ? <Resolved resolved={resolved} /> : mayResolve && <Resolve reference={reference} />}
      {!resolved && !mayResolve && <Banner tone="info">{t('review.notYours')}</Banner>}
    </Page>
  )
}

const Said = ({ item }: { item: ReviewItem }) => {
  const t = useText('payments')
  const { amount, currency, reasonCode, reasonText, endToEndId, groupId, line, nativeStatus } = item
  const rows: (SummaryRow | false)[] = [
    {
      label: t('review.said'),
      value: (
        <>
          {t(`review.statuses.${item.status}`)} {nativeStatus && <Code>{nativeStatus}</Code>}
        </>
      ),
    },
    amount !== null &&
      currency !== null && { label: t('amount'), value: <Money amount={amount} currency={currency} /> },
    (reasonCode !== null || reasonText !== null) && {
      label: t('why'),
      value: (
        <>
          {reasonCode && reasonWords(reasonCode, reasonCode)} {reasonText && <bdi>«{reasonText}»</bdi>}
        </>
      ),
    },
    endToEndId !== null && { label: t('endToEndId'), value: <Ref>{endToEndId}</Ref> },
    groupId !== null && { label: t('review.group'), value: <Ref>{groupId}</Ref> },
    line !== null && { label: t('review.line'), value: <Count n={line} /> },
    {
      label: t('report.one'),
      value: (
        <Link href={`/payment-reports/${item.report}`}>
          <Ref copy={false}>{item.report}</Ref>
        </Link>
      ),
    },
  ]
  return (
    <Section title={t('review.saidTitle')}>
      <Summary rows={rows.filter(row => row !== false)} />
    </Section>
  )
}

const Known = ({ item }: { item: ReviewItem }) => {
  const t = useText('payments')
  const { sent, payment, batch } = item
  const rows: (SummaryRow | false)[] = [
    sent !== null && { label: t('state'), value: <PaymentTag state={sent.state} /> },
    sent !== null && {
      label: t('amount'),
      value: <Money amount={sent.amount} currency={sent.currency} />,
    },
    payment !== null && {
      label: t('payment'),
      value: (
        <Link href={`/payment-batches/${batch}?tab=payments&p-q=${payment}`}>
          <Ref copy={false}>{payment}</Ref>
        </Link>
      ),
    },
    {
      label: t('batch'),
      value: (
        <Link href={`/payment-batches/${batch}`}>
          <Ref copy={false}>{batch}</Ref>
        </Link>
      ),
    },
  ]
  return (
    <Section title={t('review.knownTitle')}>
      {payment === null && <p>{t('review.unknownHere')}</p>}
      <Summary rows={rows.filter(row => row !== false)} />
    </Section>
  )
}

const Resolved = ({ resolved }: { resolved: NonNullable<ReviewItem['resolved']> }) => {
  const t = useText('payments')
  return (
    <Section title={t('review.found')}>
      <p class="pay-said">
        <bdi>{resolved.comment}</bdi>
      </p>
      <p class="an-muted">
        <Name>{resolved.by}</Name>, <Instant iso={resolved.at} full />
      </p>
    </Section>
  )
}

const Resolve = ({ reference }: { reference: string }) => {
  const t = useText('payments')
  const form = useForm({
    initial: { comment: '' },
    submit: async ({ comment }) => {
      try {
        await dataOf(
          api.POST('/api/v1/payment-review-items/{reference}/resolve', {
            params: { path: { reference } },
            body: { comment: comment.trim() },
          }),
        )
      } catch (error) {
        // Somebody else was faster: what they found out is shown.
        if (error instanceof ApiProblem && error.rule === 'review-resolved') await changed()
        throw error
      }
    },
    onDone: () => {
      toast('success', t('review.done'))
      void changed()
    },
    draft: `payment-review-items/${reference}`,
  })
  return (
    <Section title={t('review.resolve')}>
      <Form form={form} submit={t('review.resolve')}>
        <TextArea
          form={form}
          name="comment"
          label={t('review.found')}
          hint={t('review.foundHint')}
          maxLength={2000}
        />
      </Form>
    </Section>
  )
}
