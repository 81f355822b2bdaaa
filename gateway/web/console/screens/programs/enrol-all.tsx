import { useState } from 'preact/hooks'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Count, Day } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { JobProgress } from '../../shell/job-progress.tsx'
import type { Program } from './words.tsx'

/** Enrolling everybody who is eligible: counted first, done as a job. */
export const EnrolAll = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const format = useFormat()
  const path = { code: program.code }
  const [job, setJob] = useState<string>()
  const {
    data: preview,
    problem,
    refresh,
  } = useGet('/api/v1/programs/{code}/enrolments/preview', {
    params: { path },
  })
  const enrol = useAction({
    act: () => dataOf(api.POST('/api/v1/programs/{code}/enrolments', { params: { path } })),
    ask: () => ({
      title: t('enrol.title'),
      body: (
        <p>
          {t(`enrol.text.${program.target}`, {
            count: preview?.toEnrol ?? 0,
            n: format.count(preview?.toEnrol ?? 0),
          })}
        </p>
      ),
      confirm: t('enrol.do'),
    }),
    onDone: answer => setJob(answer.job),
  })
  return (
    <Section title={t('enrol.title')}>
      {problem && !preview ? (
        <Failure problem={problem} retry={refresh} />
      ) : !preview ? (
        <Loading lines={3} />
      ) : (
        <>
          <Summary
            rows={[
              { label: t('enrol.eligible'), value: <Count n={preview.eligible} /> },
              { label: t('enrol.before'), value: <Count n={preview.enrolledBefore} /> },
              {
                label: t('enrol.toEnrol'),
                value: (
                  <strong>
                    <Count n={preview.toEnrol} />
                  </strong>
                ),
              },
              { label: t('enrol.on'), value: <Day iso={preview.evaluationDate} /> },
            ]}
          />
          {preview.toEnrol > 0 ? (
            <div class="an-actions">
              <Button busy={enrol.busy} onClick={() => void enrol.run()}>
                {t('enrol.these', { count: preview.toEnrol, n: format.count(preview.toEnrol) })}
              </Button>
            </div>
          ) : (
            <p class="an-muted">{t('enrol.nobody')}</p>
          )}
        </>
      )}
      {job && <JobProgress reference={job} onDone={() => void changed()} />}
    </Section>
  )
}
