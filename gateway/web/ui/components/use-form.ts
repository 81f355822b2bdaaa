import { useId, useMemo, useRef, useState } from 'preact/hooks'
import { ApiProblem, type FieldError, fieldMessageOf, messageOf } from '../api/problem.ts'
import { useText } from '../i18n/index.ts'
import { forgetDraft, keepDraft, recallDraft } from './form-draft.ts'
import { placeErrors, pointerStep } from './form-errors.ts'

/** A field on the page, as its form knows it. */
export type KnownField = {
  label: string
  /** What is wrong with its value before it is sent; undefined when nothing is. */
  check: () => string | undefined
}

/** A form, or a part of one, as its fields know it. */
export type FormState<V extends object> = {
  /** Starts the ids of its fields. */
  id: string
  /** Where its values are in what is sent: empty, or such as `/grants/0` for a part. */
  pointer: string
  values: V
  set: <K extends keyof V & string>(name: K, value: V[K]) => void
  /** What is wrong, by the pointer of the field. */
  errors: Readonly<Record<string, string>>
  /** What is wrong and belongs to no field. */
  failures: readonly string[]
  /** How many times sending failed; the summary takes the focus each time. */
  failed: number
  busy: boolean
  isDirty: boolean
  send: () => Promise<void>
  /** Back to these values, or to the initial ones, without errors and without a draft. */
  reset: (values?: V) => void
  fields: Map<string, KnownField>
  /** Names that no draft may keep. */
  secrets: Set<string>
}

export type FormOptions<V extends object, R> = {
  initial: V
  /** Sends the values; throws `ApiProblem`, whose errors land at the fields that their pointers lead to. */
  submit: (values: V) => Promise<R>
  onDone?: ((result: R) => void) | undefined
  /** A name under which what is typed is kept in this tab until it is sent: a reload or a new sign-in loses nothing. */
  draft?: string | undefined
}

type Failure = { errors: readonly FieldError[]; rest: readonly string[]; count: number }
const NO_FAILURE: Failure = { errors: [], rest: [], count: 0 }

/** The state of a form: its values, what is wrong with them, and the way to send them. */
export const useForm = <V extends object, R = unknown>(options: FormOptions<V, R>): FormState<V> => {
  const t = useText('ui')
  const id = useId()
  const { draft } = options
  const recalled = useMemo(() => recallDraft(draft, options.initial), [draft])
  const [values, setValues] = useState<V>(recalled ?? options.initial)
  const [isDirty, setDirty] = useState(recalled !== undefined)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState(NO_FAILURE)
  const now = useRef({ values, busy })
  const fields = useRef(new Map<string, KnownField>()).current
  const secrets = useRef(new Set<string>()).current

  const take = (next: V, dirty: boolean): void => {
    now.current.values = next
    setValues(next)
    setDirty(dirty)
    if (draft === undefined) return
    if (dirty) keepDraft(draft, next, secrets)
    else forgetDraft(draft)
  }
  const fail = (errors: readonly FieldError[], rest: readonly string[]): void =>
    setFailure(before => ({ errors, rest, count: before.count + 1 }))
  const work = (is: boolean): void => {
    now.current.busy = is
    setBusy(is)
  }

  const send = async (): Promise<void> => {
    if (now.current.busy) return
    const refused = [...fields].flatMap(([pointer, field]) => {
      const detail = field.check()
      return detail === undefined ? [] : [{ pointer, code: 'form', detail }]
    })
    if (refused.length > 0) return fail(refused, [])
    work(true)
    try {
      const result = await options.submit(now.current.values)
      take(now.current.values, false)
      setFailure(NO_FAILURE)
      work(false)
      options.onDone?.(result)
    } catch (thrown) {
      work(false)
      if (!(thrown instanceof ApiProblem)) {
        fail([], [t('form.unexpected')])
        throw thrown
      }
      const errors = thrown.errors.map(error => ({ ...error, detail: fieldMessageOf(error) }))
      fail(errors, errors.length > 0 ? [] : [messageOf(thrown)])
    }
  }

  const placed = placeErrors(failure.errors, new Set(fields.keys()))
  return {
    id,
    pointer: '',
    values,
    set: (name, value) => take({ ...now.current.values, [name]: value }, true),
    errors: placed.fields,
    failures: [...failure.rest, ...placed.rest],
    failed: failure.count,
    busy,
    isDirty,
    send,
    reset: (next = options.initial) => {
      take(next, false)
      setFailure(NO_FAILURE)
    },
    fields,
    secrets,
  }
}

type Part<L> = L extends readonly (infer E extends object)[] ? E : never

/** One element of a list in a form as a form of its own, whose fields show the errors at `/grants/0/role`. */
export const formPart = <V extends object, K extends keyof V & string>(
  form: FormState<V>,
  name: K,
  index: number,
): FormState<Part<V[K]>> => {
  const list = form.values[name] as readonly Part<V[K]>[]
  const change = (value: Part<V[K]>): void =>
    form.set(name, list.map((other, at) => (at === index ? value : other)) as V[K])
  return {
    ...form,
    pointer: `${form.pointer}${pointerStep(name)}${pointerStep(index)}`,
    values: list[index] as Part<V[K]>,
    set: (field, value) => change({ ...(list[index] as Part<V[K]>), [field]: value }),
    reset: value => value !== undefined && change(value),
  }
}
