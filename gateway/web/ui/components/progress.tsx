import { useFormat } from '../i18n/format.ts'

/** How far work has come: `total` is null while nobody knows how much there is. */
export const Progress = ({ done, total, label }: { done: number; total: number | null; label: string }) => {
  const format = useFormat()
  const numbers = total === null ? format.count(done) : `${format.count(done)} / ${format.count(total)}`
  return (
    <div class="an-progress">
      <div class="an-progress__words">
        <span>{label}</span>
        <bdi class="an-number">{numbers}</bdi>
      </div>
      <progress
        class="an-progress__bar"
        aria-label={label}
        {...(total === null ? {} : { value: Math.min(done, total), max: Math.max(total, 1) })}
      />
    </div>
  )
}
