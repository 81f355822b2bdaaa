import { ApiError } from './api.ts'
import { h } from './dom.ts'
import { brand, busyWhile, type Flow, heading, problemBox, type Screen, wordsFor } from './screens.ts'
import { chooseLanguage, LANGUAGES, texts } from './texts.ts'

/** Asks for user name and password, and for a code when the server does. `notice` says why, when somebody was signed in before. */
export const signInScreen = (flow: Flow, notice = ''): Screen => {
  const username = h('input', {
    id: 'username',
    autocomplete: 'username',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '40',
  })
  const password = h('input', {
    id: 'password',
    type: 'password',
    autocomplete: 'current-password',
    maxlength: '200',
  })
  const code = h('input', {
    id: 'code',
    autocomplete: 'one-time-code',
    autocapitalize: 'characters',
    spellcheck: 'false',
    maxlength: '40',
  })
  const second = h('div', { hidden: true }, h('label', { for: 'code' }, texts.code), code)
  const problem = problemBox(notice)
  const submit = h('button', { class: 'primary' }, texts.signIn)

  const send = async () => {
    const name = username.value.trim()
    if (name === '' || password.value === '') {
      problem.textContent = texts.fillIn
      ;(name === '' ? username : password).focus()
      return
    }
    try {
      await flow.api.signIn(name, password.value, code.value.trim())
      await flow.start()
    } catch (error) {
      const trouble = error instanceof ApiError ? error.trouble : 'broken'
      const asked = !second.hidden
      second.hidden &&= trouble !== 'code'
      problem.textContent =
        trouble !== 'ended' ? wordsFor(error) : asked ? texts.codeRefused : texts.signInRefused
      ;(second.hidden ? password : code).select()
    }
  }
  const form = h(
    'form',
    {
      class: 'card',
      submit: event => {
        event.preventDefault()
        return busyWhile(submit, send)
      },
    },
    problem,
    h('label', { for: 'username' }, texts.username),
    username,
    h('label', { for: 'password' }, texts.password),
    password,
    second,
    submit,
  )
  return { body: h('main', { class: 'narrow' }, brand(), heading(texts.signInHeading), form, languages()) }
}

/** The other languages of the page. */
const languages = (): HTMLElement =>
  h(
    'div',
    { class: 'languages', role: 'group', 'aria-label': texts.languages },
    ...Object.entries(LANGUAGES)
      .filter(([code]) => code !== texts.language)
      .map(([code, name]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            lang: code,
            click: () => chooseLanguage(code as keyof typeof LANGUAGES),
          },
          name,
        ),
      ),
  )
