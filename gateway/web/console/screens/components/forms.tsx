import { useEffect, useState } from 'preact/hooks'
import { ApiProblem } from '../../../ui/api/problem.ts'
import { Button } from '../../../ui/components/button.tsx'
import {
  CheckboxesField,
  CheckField,
  DateField,
  FileField,
  MoneyField,
  NumberField,
  PasswordField,
  RadioField,
  SelectField,
  SuggestField,
  SuggestManyField,
  TextArea,
  TextField,
} from '../../../ui/components/fields.tsx'
import { Form, formPart, useForm } from '../../../ui/components/form.tsx'
import { Columns, Section } from '../../../ui/components/page.tsx'
import { AREAS, findAreas, NAMES } from './samples.ts'

const INITIAL = {
  name: '',
  password: '',
  notes: '',
  age: undefined as number | undefined,
  amount: '',
  role: '',
  channel: '',
  days: [] as readonly string[],
  agrees: false,
  born: '',
  file: undefined as File | undefined,
  area: '',
  areas: ['KAS'] as readonly string[],
  grants: [{ role: '', area: '' }],
}
type Values = typeof INITIAL

const ROLES = [
  { value: 'officer', label: 'Officer' },
  { value: 'manager', label: 'Manager', hint: 'approves' },
  { value: 'auditor', label: NAMES.markup },
]
const CHANNELS = [
  { value: 'bank', label: 'Bank account' },
  { value: 'mobile', label: 'Mobile money', hint: 'Needs a phone of one’s own.' },
  { value: 'cash', label: 'Cash', disabled: true },
]
const DAYS = [
  { value: 'mon', label: 'Monday' },
  { value: 'wed', label: 'Wednesday', hint: 'Market day' },
  { value: 'fri', label: NAMES.long },
]

/** As a server answers that likes nothing of it. */
const refuse = async (): Promise<never> => {
  throw new ApiProblem({
    status: 400,
    title: 'Not accepted',
    detail: 'What was sent cannot be accepted.',
    errors: [
      { pointer: '/name', code: 'example', detail: 'Somebody has this name.' },
      { pointer: '/area/code', code: 'example', detail: 'There is no such area.' },
      { pointer: '/grants/0/role', code: 'example', detail: 'There is no such role.' },
      { pointer: '/elsewhere', code: 'example', detail: 'The programme has ended.' },
      { pointer: '/notes', code: 'example', detail: NAMES.endless },
    ],
  })
}

/** Every field, empty, filled, refused and disabled. */
export const Forms = () => (
  <Columns even>
    <Section title="A form">
      <Everything />
    </Section>
    <div class="an-gallery__stack">
      <Section title="A form that was refused">
        <Refused />
      </Section>
      <Section title="A form that cannot be changed">
        <Disabled />
      </Section>
    </div>
  </Columns>
)

const Everything = () => {
  const [saved, setSaved] = useState('')
  const form = useForm<Values, Values>({
    initial: INITIAL,
    submit: async values => values,
    onDone: values => setSaved(JSON.stringify({ ...values, password: '' })),
    draft: 'components',
  })
  return (
    <Form form={form} submit="Register" actions={<Button kind="quiet">Save for later</Button>}>
      <TextField form={form} name="name" label="Full name" hint="As on the card." autocomplete="name" />
      <PasswordField
        form={form}
        name="password"
        label="Password"
        autocomplete="new-password"
        required={false}
      />
      <NumberField form={form} name="age" label="Age" min={0} max={130} unit="years" required={false} />
      <MoneyField form={form} name="amount" label="Income" currency="KES" required={false} />
      <DateField
        form={form}
        name="born"
        label="Day of birth"
        hint="Leave it empty when nobody knows."
        required={false}
      />
      <SelectField form={form} name="role" label="Role" options={ROLES} required={false} />
      <RadioField form={form} name="channel" label="Paid by" options={CHANNELS} required={false} />
      <CheckboxesField form={form} name="days" label="Days" options={DAYS} required={false} />
      <SuggestField form={form} name="area" label="Area" load={findAreas} required={false} />
      <SuggestManyField
        form={form}
        name="areas"
        label="More areas"
        load={findAreas}
        chosen={AREAS}
        required={false}
      />
      <FileField
        form={form}
        name="file"
        label="Letter"
        accept=".pdf,.csv"
        maxBytes={2_000_000}
        required={false}
      />
      <TextArea form={form} name="notes" label="Notes" required={false} />
      <CheckField form={form} name="agrees" label="Agrees to be called" hint="At most once a month." />
      <p role="status" data-saved>
        {saved}
      </p>
    </Form>
  )
}

const Refused = () => {
  const form = useForm<Values>({ initial: { ...INITIAL, name: NAMES.arabic }, submit: refuse })
  const grant = formPart(form, 'grants', 0)
  // Sent once, so that it is seen as it is after that.
  useEffect(() => void form.send(), [])
  return (
    <Form form={form} cancel="/components">
      <TextField form={form} name="name" label="Full name" />
      <SuggestField form={form} name="area" label="Area" load={findAreas} required={false} />
      <SelectField
        form={grant}
        name="role"
        label="Role of the first grant"
        options={ROLES}
        required={false}
      />
      <TextArea form={form} name="notes" label="Notes" required={false} />
    </Form>
  )
}

const Disabled = () => {
  const form = useForm({
    initial: { name: NAMES.plain, role: 'manager', channel: 'bank', born: '1984-02-29', agrees: true },
    submit: async () => undefined,
  })
  return (
    <Form form={form}>
      <TextField form={form} name="name" label="Full name" disabled />
      <SelectField form={form} name="role" label="Role" options={ROLES} disabled />
      <RadioField form={form} name="channel" label="Paid by" options={CHANNELS} disabled inline />
      <DateField form={form} name="born" label="Day of birth" disabled />
      <CheckField form={form} name="agrees" label="Agrees to be called" disabled />
    </Form>
  )
}
