import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const lines = (place: string): number[] => readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' }).map((f) => join(ROOT, place, f))
  .filter((f) => /\.tsx?$/.test(f) && !/\.test\.tsx?$/.test(f) && statSync(f).isFile())
  .map((f) => readFileSync(f, 'utf8').split('\n').length).sort((a, b) => a - b)

it.each(['app', 'server'])('files of %s are small: half of them have at most 80 lines', (place) => {
  const all = lines(place)

  expect(all.length).toBeGreaterThan(50)
  expect(all[Math.floor(all.length / 2)]).toBeLessThanOrEqual(80)
})
