import { Link } from 'wouter-preact'
import { Section, Summary, type SummaryRow } from '../../../ui/components/page.tsx'
import { Code, Day, Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { placeOf } from '../../shell/places.ts'
import { type Batch, maskedAccount } from './words.tsx'

/** What else is known of a batch: who pays, by which file, and what it makes anew. */
export const BatchAbout = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const { debtor, approval, retryOf, sha256 } = batch
  const fund = placeOf('fund', batch.fund)
  const request = approval ? placeOf('approval', approval) : undefined
  const rows: (SummaryRow | false)[] = [
    {
      label: t('fund'),
      value: fund ? (
        <Link href={fund}>
          <Code>{batch.fund}</Code>
        </Link>
      ) : (
        <Code>{batch.fund}</Code>
      ),
    },
    { label: t('provider'), value: t(`providers.${batch.provider}`) },
    { label: t('payer'), value: <Name>{debtor.name}</Name> },
    { label: t('payerAccount'), value: <bdi dir="ltr">{maskedAccount(debtor.account.value)}</bdi> },
    { label: t('payerBank'), value: <Code>{debtor.agent}</Code> },
    { label: t('requestedOn'), value: <Day iso={batch.requestedOn} /> },
    approval !== null && {
      label: t('approval'),
      value: request ? (
        <Link href={request}>
          <Ref copy={false}>{approval}</Ref>
        </Link>
      ) : (
        <Ref>{approval}</Ref>
      ),
    },
    retryOf !== null && {
      label: t('retryOf'),
      value: (
        <Link href={`/payment-batches/${retryOf}`}>
          <Ref copy={false}>{retryOf}</Ref>
        </Link>
      ),
    },
    { label: t('made'), value: <Instant iso={batch.prepared.at} full /> },
    batch.sentAt !== null && { label: t('sentAt'), value: <Instant iso={batch.sentAt} full /> },
    { label: t('messageId'), value: <Ref>{batch.messageId}</Ref> },
    sha256 !== null && { label: t('digest'), value: <Code>{sha256}</Code> },
  ]
  return (
    <Section title={t('about')}>
      <Summary rows={rows.filter(row => row !== false)} />
    </Section>
  )
}
