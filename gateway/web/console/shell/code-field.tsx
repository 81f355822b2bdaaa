import { type FieldProps, TextField } from '../../ui/components/fields.tsx'

/** The code that an authenticator app shows. */
export const CodeField = <V extends object>(props: FieldProps<V, string>) => (
  <TextField
    {...props}
    autocomplete="one-time-code"
    inputMode="numeric"
    dir="ltr"
    maxLength={12}
    width="short"
  />
)
