import { api, dataOf } from '../../../ui/api/client.ts'
import { Button, IconButton } from '../../../ui/components/button.tsx'
import { RadioField, SelectField, SuggestManyField, TextField } from '../../../ui/components/fields.tsx'
import type { FormState } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import './access.scss'
import { useAreas } from './areas.ts'
import { type GrantValues, newGrant } from './grant-values.ts'
import { fieldsInWords, type Role, type Roles, roleDescription, roleName } from './names.ts'
import { PermissionCount } from './permission-list.tsx'
import { ProgramsField } from './programs-field.tsx'

/** What is administered for the whole country. */
const UNLIMITED = ['user:', 'role:', 'client:', 'identity-provider:']

const findAreas = async (q: string, signal: AbortSignal) => {
  const query = q === '' ? { limit: 10 } : { q, limit: 10 }
  const { items } = await dataOf(api.GET('/api/v1/areas', { params: { query }, signal }))
  return items.map(area => ({
    value: area.code,
    label: area.name,
    hint: [...area.ancestors.map(({ name }) => name).reverse(), area.code].join(' · '),
  }))
}

export type GrantsEditorProps = {
  /** A part of the form for each grant. */
  parts: readonly FormState<GrantValues>[]
  onChange: (grants: readonly GrantValues[]) => void
  roles: Roles
  /** Each is for a group at an identity provider. */
  withGroup?: boolean
  /** What it means that there are none. */
  none?: string
}

/** Roles with where they count: any number of them. */
export const GrantsEditor = ({ parts, onChange, roles, withGroup = false, none }: GrantsEditorProps) => {
  const t = useText('access')
  const values = parts.map(part => part.values)
  return (
    <div class="an-grants">
      {parts.map((part, index) => (
        <GrantFields
          key={part.values.key}
          part={part}
          n={index + 1}
          roles={roles}
          withGroup={withGroup}
          onRemove={() => onChange(values.filter(other => other.key !== part.values.key))}
        />
      ))}
      {values.length === 0 && <p class="an-muted">{none ?? t('grants.noRole')}</p>}
      <div class="an-actions">
        <Button kind="secondary" icon="add" onClick={() => onChange([...values, newGrant()])}>
          {t('grants.add')}
        </Button>
      </div>
    </div>
  )
}

type FieldsProps = {
  part: FormState<GrantValues>
  n: number
  roles: Roles
  withGroup: boolean
  onRemove: () => void
}

const GrantFields = ({ part, n, roles, withGroup, onRemove }: FieldsProps) => {
  const t = useText('access')
  const { where, which } = part.values
  const role = roles.all.find(({ code }) => code === part.values.role)
  return (
    <fieldset class="an-grant">
      <legend class="govuk-visually-hidden">{t('grants.number', { n })}</legend>
      <div class="an-grant__head">
        <span class="an-grant__title" aria-hidden="true">
          {t('grants.number', { n })}
        </span>
        <IconButton icon="close" label={t('grants.remove', { n })} onClick={onRemove} />
      </div>
      {withGroup && (
        <TextField
          form={part}
          name="group"
          label={t('grants.group')}
          hint={t('grants.groupHint')}
          dir="ltr"
        />
      )}
      <SelectField
        form={part}
        name="role"
        label={t('grants.role')}
        options={roles.all.map(each => ({ value: each.code, label: roleName(each) }))}
      />
      {role && <RoleSummary role={role} />}
      <div class="an-grant__fields">
        <div>
          <RadioField
            form={part}
            name="where"
            label={t('grants.where')}
            options={[
              { value: 'all', label: t('grants.allAreas') },
              { value: 'some', label: t('grants.someAreas') },
            ]}
          />
          {where === 'some' && <AreasField part={part} />}
        </div>
        <div>
          <RadioField
            form={part}
            name="which"
            label={t('grants.whichPrograms')}
            options={[
              { value: 'all', label: t('grants.allPrograms') },
              { value: 'some', label: t('grants.somePrograms') },
            ]}
          />
          {which === 'some' && <ProgramsField part={part} />}
        </div>
      </div>
      {role && <Limits role={role} values={part.values} />}
    </fieldset>
  )
}

const AreasField = ({ part }: { part: FormState<GrantValues> }) => {
  const t = useText('access')
  const names = useAreas(part.values.areas)
  return (
    <SuggestManyField
      form={part}
      name="areas"
      label={t('grants.areas')}
      hint={t('grants.areasHint')}
      load={findAreas}
      chosen={part.values.areas.map(code => ({ value: code, label: names.name(code) }))}
    />
  )
}

/** For whom a role is, what it shows in part, and on demand all that it lets somebody do. */
const RoleSummary = ({ role }: { role: Role }) => {
  const t = useText('access')
  return (
    <div>
      <p class="an-muted">{roleDescription(role)}</p>
      {role.masks.length > 0 && (
        <p class="an-muted">{t('grants.masked', { fields: fieldsInWords(role.masks) })}</p>
      )}
      <PermissionCount permissions={role.permissions} />
    </div>
  )
}

/** What a limit does not do, said where somebody could think that it does. */
const Limits = ({ role, values }: { role: Role; values: GrantValues }) => {
  const t = useText('access')
  const isLimited = values.where === 'some' || values.which === 'some'
  const administers = role.permissions.some(code => UNLIMITED.some(start => code.startsWith(start)))
  const seesPeople = role.permissions.includes('registrant:read')
  return (
    <>
      {isLimited && administers && <p class="govuk-hint">{t('grants.limitsNothing')}</p>}
      {values.which === 'some' && values.where !== 'some' && seesPeople && (
        <p class="govuk-hint">{t('grants.limitsPeople')}</p>
      )}
    </>
  )
}
