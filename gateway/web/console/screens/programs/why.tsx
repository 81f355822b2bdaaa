import './programs.scss'
import { useSearchParams } from 'wouter-preact'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { type Explanation, Parts } from './because.tsx'
import { RegistrantField } from './registrant-field.tsx'
import { RegistrantLink } from './registrant-link.tsx'
import { type EnrolmentStatus, EnrolmentTag, type Program } from './words.tsx'

/** Why somebody is eligible for a program, or why not; and letting them in. */
export const Why = ({ params }: ScreenProps) => {
  const code = params.code!
  const {
    data: program,
    problem,
    refresh,
  } = useGet('/api/v1/programs/{code}', { params: { path: { code } } })
  if (problem && !program) return <Failure problem={problem} retry={refresh} />
  return program ? <Shown program={program} /> : <Loading />
}

const Shown = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const [search, setSearch] = useSearchParams()
  const registrant = search.get('registrant') ?? ''
  const seesPeople = useMay('registrant:read') && registrant !== ''
  const init = { params: { path: { reference: registrant } } }
  const person = useGet('/api/v1/registrants/{reference}', init, { when: seesPeople }).data
  const name = person?.reference === registrant ? person.name : null
  const form = useForm({
    initial: { registrant },
    submit: async values => values.registrant.trim(),
    onDone: found => setSearch({ registrant: found }),
  })
  return (
    <Page
      title={t('why.title')}
      lead={t('why.lead', { name: program.name })}
      back={{ href: `/programs/${program.code}`, label: program.name }}
    >
      <Section title={t(`why.whom.${program.target}`)}>
        <Form form={form} submit={t('why.show')} kind={registrant === '' ? 'primary' : 'secondary'}>
          <RegistrantField
            form={form}
            name="registrant"
            target={program.target}
            chosen={name === null ? [] : [{ value: registrant, label: name }]}
            label={t(`why.find.${program.target}`)}
            hint={t('why.findHint')}
          />
        </Form>
      </Section>
      {registrant !== '' && <Answer key={registrant} program={program} registrant={registrant} name={name} />}
    </Page>
  )
}

type AnswerProps = { program: Program; registrant: string; name: string | null }

const Answer = ({ program, registrant, name }: AnswerProps) => {
  const t = useText('programs')
  const format = useFormat()
  const path = { code: program.code, registrant }
  const { data, problem, refresh } = useGet('/api/v1/programs/{code}/explanations/{registrant}', {
    params: { path },
  })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  // The document cannot say of parts that they have parts of their own form.
  const rules = data.rules as unknown as Explanation[]
  const isOpen = rules.some(rule => rule.outcome === 'unknown') && !rules.some(r => r.outcome === 'false')
  const verdict = data.holds ? 'yes' : isOpen ? 'unknown' : 'no'
  return (
    <Section title={t('why.answer')}>
      <div class="pr-answer">
        <p>
          <RegistrantLink reference={registrant} name={name} />
        </p>
        <Banner
          tone={verdict === 'yes' ? 'success' : 'warning'}
          title={t(`why.verdicts.${verdict}`, { day: format.day(data.evaluationDate) })}
        >
          <Standing
            program={program}
            registrant={registrant}
            status={data.enrolment as EnrolmentStatus | null}
            holds={data.holds}
          />
        </Banner>
        <Parts parts={rules} />
      </div>
    </Section>
  )
}

const IN = ['enrolled', 'suspended', 'candidate', 'waitlisted']

type StandingProps = {
  program: Program
  registrant: string
  status: EnrolmentStatus | null
  holds: boolean
}

/** Whether they are in the program already, and the way in when they may be. */
const Standing = ({ program, registrant, status, holds }: StandingProps) => {
  const t = useText('programs')
  const mayEnrol = useMay('enrolment:write')
  const enrol = useAction({
    act: () =>
      dataOf(
        api.POST('/api/v1/programs/{code}/enrolments/one', {
          params: { path: { code: program.code } },
          body: { registrant },
        }),
      ),
    done: t('why.enrolled'),
  })
  const isIn = status !== null && IN.includes(status)
  return (
    <>
      <p>
        {status === null ? t('why.neverIn') : t('why.isIn')}{' '}
        {status !== null && <EnrolmentTag status={status} />}
      </p>
      {holds && !isIn && mayEnrol && program.state === 'active' && (
        <Button busy={enrol.busy} onClick={() => void enrol.run()}>
          {t(status === null ? 'why.enrol' : 'why.enrolAgain')}
        </Button>
      )}
    </>
  )
}
