import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { CheckField, SelectField, SuggestManyField } from '../../../ui/components/fields.tsx'
import type { FormState } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { permissionName, roleName, useRoles } from '../access/names.ts'
import { type ApproverValues, NEW_APPROVER } from './values.ts'

const KINDS = ['role', 'permission', 'users', 'supervisor'] as const
const MOST_APPROVERS = 20

const findUsers = async (q: string, signal: AbortSignal) => {
  const query = { status: 'active' as const, limit: 10, ...(q === '' ? {} : { q }) }
  const { items } = await dataOf(api.GET('/api/v1/users', { params: { query }, signal }))
  return items.map(user => ({ value: user.username, label: user.name, hint: user.username }))
}

export type ApproversFieldsProps = {
  /** The form of each. */
  parts: readonly FormState<ApproverValues>[]
  onChange: (approvers: readonly ApproverValues[]) => void
  label: string
  subjectType: string
}

/** Who decides: any of these, each a role, a permission, people by name, or a supervisor. */
export const ApproversFields = ({ parts, onChange, label, subjectType }: ApproversFieldsProps) => {
  const t = useText('approval-policies')
  const approvers = parts.map(part => part.values)
  return (
    <fieldset class="ap-group">
      <legend class="ap-heading">{label}</legend>
      {parts.map((part, index) => (
        <div class="ap-row" key={part.pointer}>
          <ApproverFields part={part} subjectType={subjectType} />
          {parts.length > 1 && (
            <Button
              kind="quiet"
              icon="close"
              onClick={() => onChange(approvers.filter((_, other) => other !== index))}
            >
              {t('removeApprover', { number: index + 1 })}
            </Button>
          )}
        </div>
      ))}
      {parts.length < MOST_APPROVERS && (
        <Button kind="quiet" icon="add" onClick={() => onChange([...approvers, NEW_APPROVER])}>
          {t('addApprover')}
        </Button>
      )}
    </fieldset>
  )
}

type ApproverFieldsProps = { part: FormState<ApproverValues>; subjectType: string }

const ApproverFields = ({ part, subjectType }: ApproverFieldsProps) => {
  const t = useText('approval-policies')
  const { kind } = part.values
  return (
    <>
      <SelectField
        form={part}
        name="kind"
        label={t('approverKind')}
        options={KINDS.map(value => ({ value, label: t(`approverKinds.${value}`) }))}
      />
      {kind === 'role' && <RoleFields part={part} />}
      {kind === 'permission' && <PermissionField part={part} subjectType={subjectType} />}
      {kind === 'users' && (
        <SuggestManyField
          form={part}
          name="users"
          label={t('users')}
          hint={t('usersHint')}
          load={findUsers}
        />
      )}
    </>
  )
}

const RoleFields = ({ part }: { part: FormState<ApproverValues> }) => {
  const t = useText('approval-policies')
  const roles = useRoles()
  const { role } = part.values
  const known = roles.all.map(r => ({ value: r.code, label: roleName(r) }))
  const options =
    role === '' || known.some(o => o.value === role)
      ? known
      : [...known, { value: role, label: roles.name(role) }]
  return (
    <>
      <SelectField form={part} name="role" label={t('role')} options={options} />
      <CheckField form={part} name="anywhere" label={t('anywhere')} hint={t('anywhereHint')} />
    </>
  )
}

/** What the kinds of things are approved with, first that of this kind. */
const PermissionField = ({ part, subjectType }: ApproverFieldsProps) => {
  const t = useText('approval-policies')
  const { data } = useGet('/api/v1/approval-subjects', {})
  const own = data?.items.find(s => s.type === subjectType)?.permission
  const codes = [own, ...(data?.items.map(s => s.permission) ?? []), part.values.permission]
  const options = [...new Set(codes)].filter((code): code is string => !!code)
  return (
    <SelectField
      form={part}
      name="permission"
      label={t('permission')}
      options={options.map(value => ({ value, label: permissionName(value) }))}
    />
  )
}
