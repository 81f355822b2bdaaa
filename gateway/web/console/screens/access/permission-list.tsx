import { useText } from '../../../ui/i18n/index.ts'
import './access.scss'
import { groupName, inGroups, permissionName } from './names.ts'

/** Permissions in plain words, by what they are about. */
export const PermissionList = ({ permissions }: { permissions: readonly string[] }) => (
  <dl class="an-permissions">
    {inGroups(permissions).map(({ group, permissions: within }) => (
      <div class="an-permissions__group" key={group}>
        <dt>{groupName(group)}</dt>
        {within.map(code => (
          <dd key={code}>{permissionName(code)}</dd>
        ))}
      </div>
    ))}
  </dl>
)

const FEW = 6

/** The same behind how many there are, unless there are but a few. */
export const PermissionCount = ({ permissions }: { permissions: readonly string[] }) => {
  const t = useText('access')
  return (
    <details class="an-permissions__more" open={permissions.length <= FEW}>
      <summary>{t('grants.what', { count: permissions.length })}</summary>
      <PermissionList permissions={permissions} />
    </details>
  )
}
