import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { ApiProblem } from '../ui/api/problem.ts'
import { changed } from '../ui/api/queries.ts'
import { Banner } from '../ui/components/banner.tsx'
import { Button } from '../ui/components/button.tsx'
import { Difference } from '../ui/components/difference.tsx'
import { type FormState, useForm } from '../ui/components/form.tsx'
import { useText } from '../ui/i18n/index.ts'

type Versioned = { version?: number }

export type Editing<V extends object> = {
  form: FormState<V>
  /** What the form began with, and what is there now, when somebody else has changed it meanwhile. */
  meanwhile: { before: V; now: V } | undefined
  /** Takes what is there now as the ground: with what was typed, or without. */
  keepMine: () => void
  takeTheirs: () => void
}

/**
 * A form that changes a thing which others may change too. `thing` is kept up to date by whoever read it; the change
 * is sent with the version that the form began with, so that nobody's change is lost without a word.
 */
export const useEditing = <T extends Versioned, V extends object>(options: {
  thing: T
  valuesOf: (thing: T) => V
  /** Sends the values. `ifMatch` is for the header of that name. */
  save: (values: V, ifMatch: string) => Promise<unknown>
  onDone: () => void
  draft?: string
}): Editing<V> => {
  const { thing, valuesOf, save, onDone, draft } = options
  const [base, setBase] = useState(thing)
  const form = useForm({
    initial: valuesOf(base),
    submit: async (values: V) => {
      try {
        return await save(values, `"v${base.version}"`)
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.status === 412) await changed()
        throw problem
      }
    },
    onDone: () => {
      void changed()
      onDone()
    },
    draft,
  })
  const isOld = thing.version !== base.version && !form.busy
  return {
    form,
    meanwhile: isOld ? { before: valuesOf(base), now: valuesOf(thing) } : undefined,
    keepMine: () => setBase(thing),
    takeTheirs: () => {
      setBase(thing)
      form.reset(valuesOf(thing))
    },
  }
}

/**
 * Says that somebody else changed what is being edited, what they changed, and leaves the choice. `show` says what they
 * changed where the difference of the values is not for people to read.
 */
export const Meanwhile = <V extends object>({
  editing,
  label,
  show,
}: {
  editing: Pick<Editing<V>, 'meanwhile' | 'keepMine' | 'takeTheirs'>
  label?: (field: string) => string
  show?: (meanwhile: NonNullable<Editing<V>['meanwhile']>) => ComponentChildren
}) => {
  const t = useText('shell')
  const { meanwhile } = editing
  if (!meanwhile) return null
  return (
    <Banner tone="warning" title={t('meanwhile.title')}>
      <p>{t('meanwhile.text')}</p>
      {show?.(meanwhile) ?? (
        <Difference
          before={meanwhile.before as Record<string, unknown>}
          after={meanwhile.now as Record<string, unknown>}
          label={label}
        />
      )}
      <div class="an-actions">
        <Button kind="secondary" onClick={editing.takeTheirs}>
          {t('meanwhile.theirs')}
        </Button>
        <Button kind="secondary" onClick={editing.keepMine}>
          {t('meanwhile.mine')}
        </Button>
      </div>
    </Banner>
  )
}
