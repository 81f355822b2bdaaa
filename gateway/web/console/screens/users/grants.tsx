import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import { GrantsForm } from '../access/grants-form.tsx'

/** Changing what a user is granted. */
export const EditUserGrants = ({ params }: ScreenProps) => {
  const t = useText('users')
  const path = { username: params.username! }
  const { data: user, problem, refresh } = useGet('/api/v1/users/{username}', { params: { path } })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!user) return <Loading />
  const here = `/users/${user.username}?tab=grants`
  return (
    <Page
      title={t('grantsTitle', { name: user.name })}
      lead={t('grantsLead')}
      back={{ href: here, label: user.name }}
    >
      <GrantsForm
        holder={user}
        here={here}
        done={t('grantsSaved')}
        draft={`users/${user.username}/grants`}
        save={(grants, ifMatch) =>
          dataOf(
            api.PUT('/api/v1/users/{username}/grants', {
              params: { path, header: { 'If-Match': ifMatch } },
              body: { grants },
            }),
          )
        }
      />
    </Page>
  )
}
