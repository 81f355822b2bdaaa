import { useEffect } from 'preact/hooks'
import { type ApiProblem, isOffline } from '../../ui/api/problem.ts'
import { connection } from '../../ui/api/session.ts'
import { Button } from '../../ui/components/button.tsx'
import { Empty, Failure } from '../../ui/components/states.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { RENEWED } from './fetching.ts'

/** A part of the console that could not be fetched: it is tried again, or the page is loaded anew. */
export const NotFetched = ({ problem, retry }: { problem: ApiProblem; retry: () => void }) => {
  const t = useText('shell')
  useEffect(
    () =>
      connection.subscribe(() => {
        if (connection.get() === 'online' && isOffline(problem)) retry()
      }),
    [problem, retry],
  )
  if (problem.rule !== RENEWED) return <Failure problem={problem} retry={retry} />
  return (
    <div role="alert">
      <Empty
        icon="refresh"
        title={t('renewed.title')}
        action={<Button onClick={() => location.reload()}>{t('renewed.load')}</Button>}
      >
        {t('renewed.text')}
      </Empty>
    </div>
  )
}
