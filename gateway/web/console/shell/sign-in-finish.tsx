import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ApiProblem } from '../../ui/api/problem.ts'
import { messageOf } from '../../ui/api/problem.ts'
import { asProblem } from '../../ui/api/queries.ts'
import type { Me } from '../../ui/api/session.ts'
import { toast } from '../../ui/components/banner.tsx'
import { Button } from '../../ui/components/button.tsx'
import { Failure, Loading } from '../../ui/components/states.tsx'
import { loadTexts, useLanguage, useText } from '../../ui/i18n/index.ts'
import { OpenPage } from './sign-in.tsx'
import { signOut } from './signing.ts'

type Part = ComponentType<{ me: Me }>

/** What has to be set up before the sign-in counts: a password of one's own, a second factor. Loaded when needed. */
export const Finish = ({ me }: { me: Me }) => {
  const language = useLanguage()
  const [part, setPart] = useState<{ shown: Part }>()
  const [problem, setProblem] = useState<ApiProblem>()
  const load = () => {
    setProblem(undefined)
    Promise.all([import('../screens/account/finish.tsx'), loadTexts('account')]).then(
      ([{ FinishSignIn }]) => setPart({ shown: FinishSignIn }),
      error => setProblem(asProblem(error)),
    )
  }
  useEffect(load, [language])
  if (problem) return <Failure problem={problem} retry={load} />
  return part ? <part.shown me={me} /> : <Loading />
}

/** The page of somebody who has signed in, and has to set up something first. */
export const FinishPage = ({ me }: { me: Me }) => {
  const t = useText('shell')
  const title = t(me.mustChangePassword ? 'signIn.mustChange' : 'signIn.mustEnrol')
  useEffect(() => {
    document.title = `${title} – Annona`
  }, [title])
  const leave = () => signOut().catch(error => toast('error', messageOf(asProblem(error))))
  return (
    <OpenPage title={title}>
      <Finish me={me} />
      <Button kind="quiet" onClick={() => void leave()}>
        {t('signIn.out')}
      </Button>
    </OpenPage>
  )
}
