import { ApiError, type Point } from './api.ts'
import { h } from './dom.ts'
import { button, type Flow, framed, hasEnded, heading, problemBox, type Screen, wordsFor } from './screens.ts'
import { texts } from './texts.ts'

/** Asks for the service point where one works; the only one is not asked for, unless one came to change it. */
export const choosePointScreen = (flow: Flow): Screen => {
  const list = h(
    'div',
    { class: 'choices', 'aria-busy': 'true' },
    h('p', { class: 'hint' }, texts.loadingPoints),
  )
  const choose = (point: Point | 'none') => {
    flow.api.choose(point)
    flow.scan()
  }
  const offer = (points: readonly Point[]) => {
    list.removeAttribute('aria-busy')
    list.replaceChildren(
      points.length === 0 ? h('p', { class: 'hint' }, texts.noPoints) : '',
      ...points.map(point =>
        h(
          'button',
          { type: 'button', class: 'choice', click: () => choose(point) },
          h('bdi', {}, point.name),
          h('small', {}, point.code),
        ),
      ),
      h('button', { type: 'button', class: 'choice quiet', click: () => choose('none') }, texts.checkOnly),
    )
  }
  const load = async () => {
    try {
      const points = await flow.api.points().catch(error => {
        if (error instanceof ApiError && error.trouble === 'forbidden') return []
        throw error
      })
      if (points.length === 1 && flow.api.point() === undefined) choose(points[0]!)
      else offer(points)
    } catch (error) {
      if (hasEnded(flow, error)) return
      list.replaceChildren(
        problemBox(wordsFor(error)),
        button(texts.tryAgain, () => flow.choosePoint()),
      )
    }
  }
  void load()
  return { body: framed(flow, heading(texts.pointHeading), h('p', { class: 'hint' }, texts.pointHint), list) }
}
