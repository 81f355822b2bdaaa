import { useFormat } from '../../../ui/i18n/format.ts'
import type { Job } from '../../shell/jobs.ts'

/** How far a job has come, in one line of a table. */
export const Share = ({ job: { done, total } }: { job: Job }) => {
  const format = useFormat()
  if (total === null && done === 0) return null
  return (
    <bdi class="an-number">
      {total === null ? format.count(done) : `${format.count(done)} / ${format.count(total)}`}
    </bdi>
  )
}
