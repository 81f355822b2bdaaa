import { useSearchParams } from 'wouter-preact'
import { useList } from '../../../ui/api/list.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section, Summary, type SummaryRow } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, CopyButton, Instant, Name } from '../../../ui/components/text.tsx'
import { Timeline } from '../../../ui/components/timeline.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import type { Entry } from '../deeds/sentence.tsx'
import { Sentence, Thing, Who } from '../deeds/sentence.tsx'
import { Changed, saysMore } from '../deeds/values.tsx'
import { deedOf, kindOf } from '../deeds/words.ts'
import { ProofSection } from './proof.tsx'
import { useVocabulary } from './trail.ts'

const ROWS = 50
const MOST_RELATED = 10

/** One entry of the trail: all it says, what else the same request did, and the proof that it is sealed. */
export const AuditEntry = ({ params }: ScreenProps) => {
  const t = useText('audit')
  const { meanings } = useVocabulary()
  const [search] = useSearchParams()
  const cursor = search.get('cursor')
  const query = { limit: ROWS, ...(cursor && { cursor }) }
  const init = { params: { path: { id: params.id! }, query } }
  const { data, problem, refresh } = useGet('/api/v1/audit-entries/{id}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  const { entry } = data
  return (
    <Page
      title={`${entry.actor.name} ${deedOf(entry.action, meanings)}`}
      heading={<Sentence entry={entry} meanings={meanings} />}
      back={{ href: '/audit', label: t('title') }}
    >
      <Section title={t('about')}>
        <Facts entry={entry} />
      </Section>
      {saysMore(entry.before, entry.after) && (
        <Section title={t('difference')}>
          <Changed before={entry.before} after={entry.after} />
        </Section>
      )}
      {data.of.length > 0 && <Rows detail={data} />}
      <ProofSection entry={entry} />
      <SameRequest entry={entry} />
    </Page>
  )
}

const Facts = ({ entry }: { entry: Entry }) => {
  const t = useText('audit')
  const words = useText('deeds')
  const format = useFormat()
  const mayHistory = useMay('history:read')
  const { subject, subjectType, items, reason, address, onBehalfOf } = entry
  const rows: (SummaryRow | false)[] = [
    { label: t('when'), value: <Instant iso={entry.at} full /> },
    { label: t('exact'), value: <Code>{entry.at}</Code> },
    { label: t('who'), value: <Who actor={entry.actor} /> },
    onBehalfOf !== null && { label: t('behalf'), value: <Thing type="user" name={onBehalfOf} /> },
    {
      label: t('deed'),
      value: (
        <>
          {deedOf(entry.action)} <Code>{entry.action}</Code>
        </>
      ),
    },
    { label: t('subjectType'), value: kindOf(subjectType) },
    subject !== null && {
      label: t('subjectName'),
      value: <Thing type={subjectType} name={subject} />,
      action: mayHistory && (
        <LinkButton kind="quiet" icon="clock" href={`/history/${encodeURIComponent(subject)}`}>
          {t('history')}
        </LinkButton>
      ),
    },
    items !== null && { label: t('set'), value: words('things', { count: items, n: format.count(items) }) },
    reason !== null && { label: t('reason'), value: <Name>{reason}</Name> },
    address !== null && { label: t('address'), value: <Code>{address}</Code> },
    {
      label: t('request'),
      value: (
        <>
          <Code>{entry.requestId}</Code> <CopyButton text={entry.requestId} />
        </>
      ),
    },
    { label: t('id'), value: <Code>{entry.id}</Code> },
  ]
  return <Summary rows={rows.filter(row => row !== false)} />
}

/** The things of a set-based change, a page at a time, with what differed from one to the other. */
const Rows = ({ detail: { entry, of, next } }: { detail: AnswerOf<'/api/v1/audit-entries/{id}'> }) => {
  const t = useText('audit')
  const format = useFormat()
  const [search, setSearch] = useSearchParams()
  const count = entry.items ?? of.length
  const isPlain = !of.some(({ before, after }) => saysMore(before, after))
  return (
    <Section title={t('setOf', { count, n: format.count(count) })}>
      <ul class={isPlain ? 'an-audit-rows an-audit-rows--plain' : 'an-audit-rows'}>
        {of.map(({ name, before, after }, index) => (
          <li key={name ?? index}>
            {name === null ? (
              <span class="an-muted">{t('gone')}</span>
            ) : (
              <Named name={name} type={entry.subjectType} />
            )}
            {saysMore(before, after) && <Changed before={before} after={after} />}
          </li>
        ))}
      </ul>
      <div class="an-actions">
        {search.has('cursor') && (
          <Button kind="quiet" icon="first" onClick={() => setSearch({})}>
            {t('firstRows')}
          </Button>
        )}
        {next && (
          <Button kind="secondary" icon="next" onClick={() => setSearch({ cursor: next })}>
            {t('moreRows')}
          </Button>
        )}
      </div>
    </Section>
  )
}

/** References of people and groups; the other kinds are those of the entry. */
const PEOPLE = /^(IN|GR)-/

const Named = ({ name, type }: { name: string; type: string }) => (
  <Thing type={PEOPLE.test(name) ? 'registrant' : type} name={name} />
)

/** What else was done in the same request. */
const SameRequest = ({ entry }: { entry: Entry }) => {
  const t = useText('audit')
  const { meanings } = useVocabulary()
  const query = { requestId: entry.requestId }
  const { rows } = useList('/api/v1/audit-entries', { query, limit: MOST_RELATED + 1, prefix: 'same' })
  const others = rows?.filter(({ id }) => id !== entry.id)
  if (!others || others.length === 0) return null
  const all = `/audit?requestId=${encodeURIComponent(entry.requestId)}`
  return (
    <Section title={t('sameRequest')} actions={<LinkButton href={all}>{t('showAll')}</LinkButton>}>
      <Timeline
        label={t('sameRequest')}
        items={others.slice(0, MOST_RELATED).map(other => ({
          key: other.id,
          at: other.at,
          title: <Sentence entry={other} meanings={meanings} />,
        }))}
      />
    </Section>
  )
}
