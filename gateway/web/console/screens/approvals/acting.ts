import { useSearchParams } from 'wouter-preact'
import { serverNow } from '../../../ui/api/clock.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { meNow } from '../../../ui/api/session.ts'
import { useMay } from '../../may.ts'

const PARAM = 'behalf'

/** As whom one decides: as oneself, or in the place of somebody who is away. It is in the address, as filters are. */
export type Acting = {
  /** The username of the absent person; undefined: as oneself. */
  behalf: string | undefined
  choose: (username: string | undefined) => void
  /** For the query of a request to the API. */
  query: { onBehalfOf?: string }
  /** After the path of a link to a request. */
  search: string
}

export const useActing = (): Acting => {
  const [params, setParams] = useSearchParams()
  const behalf = params.get(PARAM) ?? undefined
  return {
    behalf,
    choose: username =>
      setParams(
        now => {
          const next = new URLSearchParams(now)
          if (username) next.set(PARAM, username)
          else next.delete(PARAM)
          return next
        },
        { replace: true },
      ),
    query: behalf === undefined ? {} : { onBehalfOf: behalf },
    search: behalf === undefined ? '' : `?${PARAM}=${encodeURIComponent(behalf)}`,
  }
}

/** The usernames of those whose deputy one is at this moment. */
export const useAbsent = (): string[] => {
  const { data } = useGet('/api/v1/approval-delegations', {}, { when: useMay('approval:decide') })
  const now = serverNow()
  const own = meNow()?.name
  const mine = (data?.items ?? []).filter(
    d => d.deputy === own && !d.revokedAt && Date.parse(d.from) <= now && Date.parse(d.until) > now,
  )
  return [...new Set(mine.map(d => d.delegator))]
}
