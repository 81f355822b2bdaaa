import { useId, useState } from 'preact/hooks'
import type { components } from '../../../ui/api/schema.generated.ts'
import { Button } from '../../../ui/components/button.tsx'
import { type FieldProps, GroupFrame, useField } from '../../../ui/components/fields/field.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import '../access/access.scss'
import { groupName, inGroups, permissionName } from '../access/names.ts'

type Described = components['schemas']['Described']

/** Any permissions, by what they are about: searched for, one by one or a group at once. */
export const PermissionPicker = <V extends object>(
  props: FieldProps<V, readonly string[]> & { permissions: readonly Described[] },
) => {
  const t = useText('roles')
  const field = useField<V, readonly string[]>(props, { chooses: true })
  const searchId = useId()
  const [typed, setTyped] = useState('')
  const chosen = field.value ?? []
  const known = props.permissions.map(({ code }) => code)
  const wordsOf = (code: string): string =>
    permissionName(code, props.permissions.find(p => p.code === code)?.description)
  const wanted = typed.trim().toLocaleLowerCase()
  const found = known.filter(code => `${wordsOf(code)} ${code}`.toLocaleLowerCase().includes(wanted))
  const choose = (codes: readonly string[], isOn: boolean): void =>
    field.set(known.filter(code => (codes.includes(code) ? isOn : chosen.includes(code))))
  return (
    <GroupFrame {...props} id={field.id} error={field.error} aria={field.aria}>
      <div class="govuk-form-group">
        <label class="govuk-label" for={searchId}>
          {t('searchPermissions')}
        </label>
        <input
          id={searchId}
          class="govuk-input an-width-medium"
          type="search"
          dir="auto"
          autocomplete="off"
          value={typed}
          onInput={event => setTyped(event.currentTarget.value)}
          // Enter here looks for something; it does not send the form.
          onKeyDown={event => event.key === 'Enter' && event.preventDefault()}
        />
      </div>
      <p class="an-muted" role="status">
        {t('chosen', { count: chosen.length })}
      </p>
      <div class="an-pick" id={field.id} tabIndex={-1}>
        {inGroups(found).map(({ group, permissions }) => (
          <Group
            key={group}
            group={group}
            permissions={permissions}
            chosen={chosen}
            choose={choose}
            wordsOf={wordsOf}
          />
        ))}
      </div>
    </GroupFrame>
  )
}

type GroupProps = {
  group: string
  permissions: readonly string[]
  chosen: readonly string[]
  choose: (codes: readonly string[], isOn: boolean) => void
  wordsOf: (code: string) => string
}

const Group = ({ group, permissions, chosen, choose, wordsOf }: GroupProps) => {
  const t = useText('roles')
  const id = useId()
  const isAll = permissions.every(code => chosen.includes(code))
  const name = groupName(group)
  return (
    <fieldset class="an-pick__group">
      <legend class="govuk-visually-hidden">{name}</legend>
      <div class="an-pick__head">
        <span class="an-pick__title" aria-hidden="true">
          {name}
        </span>
        <Button
          kind="quiet"
          aria-label={t(isAll ? 'noneOf' : 'allOf', { group: name })}
          onClick={() => choose(permissions, !isAll)}
        >
          {t(isAll ? 'chooseNone' : 'chooseAll')}
        </Button>
      </div>
      <div class="govuk-checkboxes govuk-checkboxes--small an-pick__options">
        {permissions.map(code => (
          <div class="govuk-checkboxes__item" key={code}>
            <input
              type="checkbox"
              class="govuk-checkboxes__input"
              id={`${id}-${code}`}
              checked={chosen.includes(code)}
              onChange={event => choose([code], event.currentTarget.checked)}
            />
            <label class="govuk-label govuk-checkboxes__label" for={`${id}-${code}`}>
              {wordsOf(code)}
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  )
}
