import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ChromiumPool } from '#server/runtime/documents/pdf/chromium-pool.ts'
import { Splitter } from '#server/runtime/documents/pdf/splitter.ts'

const HTML = '<style>@page{size:A6}</style><h1>页</h1>'

describe('the printer at rest', () => {
  it('ends its browser after a while without prints and starts one for the next', async () => {
    const pool = new ChromiumPool({ idleAfter: 300 })
    try {
      await pool.print(HTML)
      expect(await pool.pid()).toBeTypeOf('number')
      await expect.poll(() => pool.pid(), { timeout: 10_000 }).toBeUndefined()
      expect((await pool.print(HTML)).byteLength).toBeGreaterThan(500)
    } finally { await pool.close() }
  })
  it('ends the splitting thread too, and takes the next batch apart all the same', async () => {
    const pool = new ChromiumPool()
    const splitter = new Splitter(100)
    const meta = [{ title: 'a', author: '', now: 0 }]
    try {
      const printed = await pool.print('<style>@page{size:A6}</style><a href="#d0"></a><h1 id="d0">页</h1>')
      const parts = await splitter.split(printed.slice(), 'd', meta)
      await pause(400)
      expect((await splitter.split(printed.slice(), 'd', meta)).map((p) => p.pages)).toEqual(parts.map((p) => p.pages))
    } finally { await splitter.close(); await pool.close() }
  })
})
