import { expect, test } from 'vitest'
import { loadRequirements } from '#server/runtime/definitions/index.ts'

test('every requirement row is listed once, so that coverage can be told without the catalogues', async () => {
  const all = await loadRequirements(new URL('../..', import.meta.url).pathname)
  const count = (family: string): number => all.filter((r) => r.family === family).length
  expect({ vslc: count('vslc'), itmc: count('itmc'), jjyk: count('jjyk'), zyc: count('zyc') }).toEqual({ vslc: 242, itmc: 291, jjyk: 179, zyc: 204 })
  expect(new Set(all.map((r) => r.id)).size).toBe(916)
})
