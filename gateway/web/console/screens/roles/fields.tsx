import { CheckboxesField, TextArea, TextField } from '../../../ui/components/fields.tsx'
import type { FormState } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { maskName, type Role } from '../access/names.ts'
import { PermissionPicker } from './permission-picker.tsx'
import { usePermissions } from './use-permissions.ts'

export type RoleValues = {
  /** It is chosen once. */
  code: string
  name: string
  description: string
  permissions: readonly string[]
  masks: readonly string[]
}

/** What a role is made of. */
export const roleValuesOf = ({
  code,
  name,
  description,
  permissions,
  masks,
}: RoleValues | Role): RoleValues => ({
  code,
  name,
  description,
  permissions,
  masks,
})

/** A role as it is sent, but for its code. */
export const roleOf = ({ name, description, permissions, masks }: RoleValues) => ({
  name: name.trim(),
  description: description.trim(),
  permissions: [...permissions],
  masks: [...masks],
})

/** The fields that making and changing a role have in common. */
export const RoleFields = ({ form }: { form: FormState<RoleValues> }) => {
  const t = useText('roles')
  const { permissions, masks } = usePermissions()
  return (
    <>
      <Section title={t('about')}>
        <TextField form={form} name="name" label={t('name')} maxLength={200} />
        <TextArea
          form={form}
          name="description"
          label={t('description')}
          required={false}
          rows={2}
          maxLength={1000}
        />
      </Section>
      <Section title={t('lets')}>
        <PermissionPicker form={form} name="permissions" label={t('pick')} permissions={permissions} />
      </Section>
      <Section title={t('inPart')}>
        <CheckboxesField
          form={form}
          name="masks"
          label={t('masks')}
          hint={t('masksHint')}
          required={false}
          options={masks.map(({ code, description }) => ({
            value: code,
            label: maskName(code, description),
          }))}
        />
      </Section>
    </>
  )
}
