import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { type Import, optionsOf } from './model.ts'
import { Said } from './said.tsx'

/** Why a file could not be read, or the question that has to be answered first. */
export const Refused = ({ im, mayWrite }: { im: Import; mayWrite: boolean }) => {
  const t = useText('imports')
  const { data, problem, refresh } = useGet('/api/v1/imports/{reference}/issues', {
    params: { path: { reference: im.reference }, query: { limit: 20 } },
  })
  if (problem?.rule === 'masked') return <Banner tone="info">{t('issuesMasked')}</Banner>
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  const { items } = data
  if (mayWrite && items.length === 1 && items[0]!.code === 'date-order')
    return <DateOrder im={im} column={items[0]!.column} />
  const again = `/imports/${im.reference}/again`
  return (
    <Section title={t('refused.title')}>
      <Banner tone="error" title={t('refused.text')}>
        <ul class="an-plain-list">
          {items.map(issue => (
            <li key={`${issue.line} ${issue.column} ${issue.code}`}>
              <Said issue={issue} />
            </li>
          ))}
        </ul>
      </Banner>
      {mayWrite && (
        <div class="an-actions">
          <LinkButton href={again} kind="primary" icon="upload">
            {t('tested.correct')}
          </LinkButton>
          <LinkButton href={`${again}?file=${im.file}`}>{t('again.sameDo')}</LinkButton>
        </div>
      )}
    </Section>
  )
}

/** No date tells whether 03/04 is in March or in April: somebody has to. */
const DateOrder = ({ im, column }: { im: Import; column: string | null }) => {
  const t = useText('imports')
  const answer = useAction({
    act: (dateOrder: 'day-first' | 'month-first') => {
      const body = { ...optionsOf(im), ...(im.mapping ? { mapping: im.mapping } : {}), dateOrder } as never
      const path = { reference: im.reference }
      return dataOf(api.POST('/api/v1/imports/{reference}/retest', { params: { path }, body }))
    },
  })
  return (
    <Section title={t('dateOrder.title')}>
      <p>{t('dateOrder.text')}</p>
      {column !== null && (
        <p>
          {t('column')}: <Name>{column}</Name>
        </p>
      )}
      <div class="an-actions">
        {(['day-first', 'month-first'] as const).map(order => (
          <Button key={order} kind="secondary" busy={answer.busy} onClick={() => void answer.run(order)}>
            {t(`reading.dateOrders.${order}`)}
          </Button>
        ))}
      </div>
    </Section>
  )
}
