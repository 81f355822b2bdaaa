import assert from 'node:assert/strict'
import { placeErrors, pointerStep } from './form-errors.ts'

const error = (pointer: string, detail = pointer) => ({ pointer, code: 'code', detail })

describe('What is wrong with a form', () => {
  it('is shown at the field that its pointer leads to, else at the nearest one around it', () => {
    const known = new Set(['/name', '/area', '/grants/0/role'])
    const placed = placeErrors([error('/name'), error('/area/code'), error('/grants/0/role')], known)
    assert.deepEqual(placed, {
      fields: { '/name': '/name', '/area': '/area/code', '/grants/0/role': '/grants/0/role' },
      rest: [],
    })
  })

  it('is told above the form when no field shows it', () => {
    const placed = placeErrors(
      [error('/grants/1/role'), error(''), error('name'), error('/names')],
      new Set(['/name']),
    )
    assert.deepEqual(placed, { fields: {}, rest: ['/grants/1/role', '', 'name', '/names'] })
  })

  it('is told one thing at a time for each field', () => {
    const placed = placeErrors([error('/name', 'too short'), error('/name', 'taken')], new Set(['/name']))
    assert.deepEqual(placed, { fields: { '/name': 'too short' }, rest: [] })
  })

  it('finds fields whose names have what pointers are made of', () => {
    assert.equal(pointerStep('a/b~c'), '/a~1b~0c')
  })
})
