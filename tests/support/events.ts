import { setTimeout as pause } from 'node:timers/promises'

// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
export type Heard = { event: string; data: any }

/** Somebody who listens to a stream of events, as a browser's EventSource does, but does not come back by themselves. */
export type Listener = {
  status: number
  headers: Headers
  heard: Heard[]
  /** Waits for an event that is as it should be, among those heard so far and those to come. */
  hears: (event: string, matches?: (data: Heard['data']) => boolean) => Promise<Heard['data']>
  /** Resolves when the other side has ended the stream. */
  ended: Promise<void>
  leave: () => void
}

/** Opens `/api/v1/events` of a gateway, by a token or whatever headers say who it is. */
export const listen = async (url: string, headers: Record<string, string>): Promise<Listener> => {
  const leaving = new AbortController()
  const response = await fetch(`${url}/api/v1/events`, { headers, signal: leaving.signal })
  const heard: Heard[] = []
  const read = async () => {
    let text = ''
    for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + bytes).split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? []
        if (event) heard.push({ event, data: JSON.parse(data!) })
      }
    }
  }
  const ended = read().catch((error: Error) => {
    if (error.name !== 'AbortError') throw error
  })
  return {
    status: response.status,
    headers: response.headers,
    heard,
    hears: async (event, matches = () => true) => {
      for (let waited = 0; waited < 10_000; waited += 20) {
        const found = heard.find(h => h.event === event && matches(h.data))
        if (found) return found.data
        await pause(20)
      }
      throw new Error(`no ${event} like that was heard, but ${JSON.stringify(heard)}`)
    },
    ended,
    leave: () => leaving.abort(),
  }
}
