import { useEffect } from 'preact/hooks'
import { messageOf } from '../../ui/api/problem.ts'
import { asProblem } from '../../ui/api/queries.ts'
import type { Me } from '../../ui/api/session.ts'
import { toast } from '../../ui/components/banner.tsx'
import { Button } from '../../ui/components/button.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { Later } from './later.tsx'
import { OpenPage } from './sign-in.tsx'
import { signOut } from './signing.ts'

const finish = () => import('../screens/account/finish.tsx').then(m => m.FinishSignIn)

/** What has to be set up before the sign-in counts: a password of one's own, a second factor. */
export const Finish = ({ me }: { me: Me }) => <Later load={finish} texts="account" props={{ me }} />

/** The page of somebody who has signed in, and has to set up something first. */
export const FinishPage = ({ me }: { me: Me }) => {
  const t = useText('sign-in')
  const title = t(me.mustChangePassword ? 'mustChange' : 'mustEnrol')
  useEffect(() => {
    document.title = `${title} – Annona`
  }, [title])
  const leave = () => signOut().catch(error => toast('error', messageOf(asProblem(error))))
  return (
    <OpenPage title={title}>
      <Finish me={me} />
      <Button kind="quiet" onClick={() => void leave()}>
        {t('out')}
      </Button>
    </OpenPage>
  )
}
