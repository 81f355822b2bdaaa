import { ApiProblem, problemOf } from '../../../ui/api/problem.ts'
import { connection, meNow, session, signedInAgain } from '../../../ui/api/session.ts'

/** How much of a file has been sent, in bytes. */
export type Sent = { done: number; total: number }

type Options = {
  /** Such as `/api/v1/files?name=people.csv`. */
  path: string
  file: File
  onProgress: (sent: Sent) => void
  signal: AbortSignal
}

/**
 * Sends a file and tells how far it is, which `fetch` cannot. Waits for a new sign-in when the old one has ended. Throws
 * `ApiProblem`: with the rule `upload-lost` when the connection breaks, `upload-stopped` when `signal` was used.
 */
export const upload = async <T>(options: Options): Promise<T> => {
  let response = await sendOnce(options)
  while (response.status === 401 && session.get().state !== 'nobody') {
    await signedInAgain()
    response = await sendOnce(options)
  }
  if (!response.ok) throw await problemOf(response)
  return (await response.json()) as T
}

const sendOnce = ({ path, file, onProgress, signal }: Options): Promise<Response> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('Content-Type', 'text/csv')
    request.setRequestHeader('Idempotency-Key', crypto.randomUUID())
    const csrf = meNow()?.csrf
    if (csrf) request.setRequestHeader('X-CSRF-Token', csrf)
    request.upload.onprogress = event => onProgress({ done: event.loaded, total: file.size })
    request.onload = () => {
      connection.set('online')
      const body = [204, 304].includes(request.status) ? null : request.responseText
      resolve(new Response(body, { status: request.status }))
    }
    request.onerror = () => {
      connection.set('offline')
      reject(stopped('upload-lost'))
    }
    request.onabort = () => reject(stopped('upload-stopped'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })

const stopped = (rule: 'upload-lost' | 'upload-stopped'): ApiProblem =>
  new ApiProblem({ status: 0, rule, title: 'Not sent', detail: 'The file was not sent.' })
