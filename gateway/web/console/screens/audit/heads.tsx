import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { type RowOf, useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, CopyButton, Count, Instant } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { save } from './save.ts'

type Head = RowOf<'/api/v1/audit-heads'>

/** How many heads are saved at once: the most that the API gives. */
const SAVED = 200

/** Heads as they are kept: a line each, the oldest first. */
const saveHeads = async (): Promise<number> => {
  const { items } = await dataOf(api.GET('/api/v1/audit-heads', { params: { query: { limit: SAVED } } }))
  const lines = items.reverse().map(head => `${JSON.stringify(head)}\n`)
  save(
    `heads-${items[0]?.height ?? 0}-${items.at(-1)?.height ?? 0}.jsonl`,
    lines.join(''),
    'application/jsonl',
  )
  return items.length
}

/** The signed heads of the trail and the keys they are signed with: what others keep to show later that it was altered. */
export const AuditHeads = () => {
  const t = useText('audit')
  const list = useList('/api/v1/audit-heads')
  const saving = useAction({ act: saveHeads, done: count => t('heads.saved', { count }) })
  const columns: Column<Head>[] = [
    { key: 'height', label: t('proof.block'), cell: head => <Code>{head.height}</Code> },
    { key: 'sealedAt', label: t('proof.sealedAt'), cell: head => <Instant iso={head.sealedAt} full /> },
    { key: 'entries', label: t('proof.entries'), cell: head => <Count n={head.entries} />, numeric: true },
    { key: 'hash', label: t('proof.headHash'), cell: head => <Hash hash={head.hash} /> },
    { key: 'key', label: t('proof.key'), cell: head => <Code>{head.keyId}</Code>, hidden: true },
  ]
  return (
    <Page title={t('heads.title')} lead={t('heads.lead')} back={{ href: '/audit', label: t('title') }}>
      <Section title={t('heads.how')}>
        <ol class="an-audit-list">
          {(['keys', 'daily', 'check', 'doubt'] as const).map(step => (
            <li key={step}>{t(`heads.steps.${step}`)}</li>
          ))}
        </ol>
        <p class="an-audit-hash">
          <Code>annona audit verify-heads heads.jsonl --keys keys.json</Code>
        </p>
      </Section>
      <KeySection />
      <Section
        plain
        title={t('heads.list')}
        actions={
          <Button kind="secondary" icon="download" busy={saving.busy} onClick={() => void saving.run()}>
            {t('heads.save')}
          </Button>
        }
      >
        <DataTable
          label={t('heads.table')}
          columns={columns}
          list={list}
          rowKey={head => head.height}
          empty={<Empty title={t('heads.none')}>{t('heads.noneHint')}</Empty>}
        />
      </Section>
    </Page>
  )
}

const Hash = ({ hash }: { hash: string }) => (
  <span class="an-audit-hash">
    <Code>{hash.slice(0, 12)}…</Code>
    <CopyButton text={hash} />
  </span>
)

const KeySection = () => {
  const t = useText('audit')
  const { data, problem, refresh } = useGet('/api/v1/audit-keys', {})
  return (
    <Section
      title={t('heads.keys')}
      actions={
        data && (
          <Button
            kind="secondary"
            icon="download"
            onClick={() => save('keys.json', `${JSON.stringify(data, null, 2)}\n`)}
          >
            {t('heads.saveKeys')}
          </Button>
        )
      }
    >
      {problem ? (
        <Failure problem={problem} retry={refresh} />
      ) : data ? (
        <Summary
          rows={data.keys.map(({ kid, x }) => ({
            label: kid,
            value: (
              <>
                <span class="an-audit-hash">
                  <Code>{x}</Code>
                </span>{' '}
                <CopyButton text={x} />
              </>
            ),
          }))}
        />
      ) : (
        <Loading lines={1} />
      )}
    </Section>
  )
}
