import { useSearchParams } from 'wouter-preact'
import { serverNow } from '../../../ui/api/clock.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { DateField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Instant, Name } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import { placeOf } from '../../shell/places.ts'
import { Changed } from '../deeds/values.tsx'
import { kindOf } from '../deeds/words.ts'
import { Changes } from './changes.tsx'
import { Fields } from './fields.tsx'
import { momentOf, partsOf } from './moment.ts'
import { nameIn } from './name.ts'

type State = AnswerOf<'/api/v1/history/{name}'>

/** A thing as it was at a moment, what has changed since, and who changed what of it. */
export const History = ({ params }: ScreenProps) => {
  const t = useText('history')
  const name = nameIn(params.name)
  const now = useGet('/api/v1/history/{name}', { params: { path: { name } } })
  if (now.problem) return <Failure problem={now.problem} retry={now.refresh} />
  if (!now.data) return <Loading />
  const { type } = now.data
  const short = name.startsWith(`${type}:`) ? name.slice(type.length + 1) : name
  const place = placeOf(type, short)
  return (
    <Page
      title={t('title', { name: short })}
      heading={
        <>
          {t('heading')} <Name>{short}</Name>
        </>
      }
      lead={kindOf(type)}
      {...(place && { back: { href: place, label: short } })}
    >
      <Then name={name} now={now.data} />
      <Section title={t('changes')}>
        <Changes name={name} />
      </Section>
    </Page>
  )
}

/** The choice of a moment, and the thing as it was then. */
const Then = ({ name, now }: { name: string; now: State }) => {
  const t = useText('history')
  const [params] = useSearchParams()
  const at = params.get('at') ?? undefined
  const isFuture = at !== undefined && Date.parse(at) > serverNow()
  return (
    <Section title={t('asItWas')}>
      <Choice key={at} at={at} />
      {isFuture ? (
        <Banner tone="warning" title={t('future')}>
          {t('futureHint')}
        </Banner>
      ) : at ? (
        <StateAt name={name} at={at} now={now} />
      ) : (
        <>
          <p class="an-muted">{t('asItIs')}</p>
          <Fields state={now.state} />
        </>
      )}
    </Section>
  )
}

const Choice = ({ at }: { at: string | undefined }) => {
  const t = useText('history')
  const [, setParams] = useSearchParams()
  const form = useForm({
    initial: at ? partsOf(at) : { day: '', time: '' },
    submit: async ({ day, time }) => momentOf(day, time),
    onDone: moment => moment && setParams({ at: moment }),
  })
  return (
    <Form
      form={form}
      submit={t('show')}
      kind="secondary"
      actions={
        at && (
          <Button kind="quiet" onClick={() => setParams({})}>
            {t('now')}
          </Button>
        )
      }
    >
      <div class="an-audit-choice">
        <DateField form={form} name="day" label={t('day')} />
        <TextField
          form={form}
          name="time"
          label={t('time')}
          hint={t('timeHint')}
          type="time"
          dir="ltr"
          width="short"
          required={false}
        />
      </div>
    </Form>
  )
}

const StateAt = ({ name, at, now }: { name: string; at: string; now: State }) => {
  const t = useText('history')
  const format = useFormat()
  const { data, problem, refresh } = useGet('/api/v1/history/{name}', {
    params: { path: { name }, query: { at } },
  })
  if (problem?.rule === 'history-retired')
    return (
      <Banner tone="warning" title={t('retired')}>
        {t('retiredHint')}
      </Banner>
    )
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  const moment = format.instant(data.at)
  if (!data.existed) return <Empty icon="clock" title={t('notYet', { moment })} />
  return (
    <>
      <p class="an-muted">
        {t('asOf')} <Instant iso={data.at} full />
      </p>
      <Fields state={data.state} />
      <h3 class="an-subtitle">{t('since')}</h3>
      <Changed before={data.state} after={now.state} />
    </>
  )
}
