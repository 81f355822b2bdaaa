import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { readVerifierPage } from './assets.ts'

describe("the verifier's page", () => {
  const { html, assets } = readVerifierPage()
  const scripts = Object.entries(assets).filter(([, { type }]) => type === 'text/javascript')

  it('brings everything that it refers to', () => {
    const inHtml = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)
    const inScripts = scripts.flatMap(([path, { data }]) =>
      [...data.toString().matchAll(/(?:\bfrom\s*|\bimport\(|^import )["']([^"'\n]+)["']/gm)].map(([, to]) =>
        posix.resolve(posix.dirname(path), to!),
      ),
    )
    assert.ok(inHtml.length >= 3 && inScripts.length >= 15, `${inHtml.length} and ${inScripts.length}`)
    for (const path of [...inHtml, ...inScripts]) assert.ok(assets[path], `${path} is not served`)
  })

  it('has nothing inline, and no page of it names another host', () => {
    assert.doesNotMatch(html, /<style|<script(?![^>]+src=)|\son\w+=|\sstyle=|https?:/)
    for (const [path, { data }] of scripts)
      if (path.includes('/page-'))
        assert.doesNotMatch(data.toString(), /https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
  })

  it('has its scripts without types, and does not warn while it takes them off', async () => {
    const warnings: Error[] = []
    const listen = (warning: Error) => warnings.push(warning)
    process.on('warning', listen)
    const again = readVerifierPage()
    await new Promise(setImmediate)
    process.off('warning', listen)
    assert.deepEqual(warnings, [])
    assert.deepEqual(Object.keys(again.assets), Object.keys(assets))
    for (const [path, { data }] of scripts)
      assert.doesNotMatch(data.toString(), /^(?:export )?type \w+ =|^import type /m, path)
  })
})
