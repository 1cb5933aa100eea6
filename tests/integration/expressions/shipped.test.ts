import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeyring, generateSecrets } from '#server/platform/crypto.ts'
import { seededRandom } from '#server/platform/random.ts'
import { rowConditions } from '#server/runtime/access/index.ts'
import { entitiesOf } from '#server/runtime/definitions/index.ts'
import { applyTables, Registry, tableOf, walk } from '#server/runtime/records/index.ts'
import { differencesOf, type Asked, type Difference } from '#tests/support/expressions/shipped/agreement.ts'
import { placesOf, type Place, type Places } from '#tests/support/expressions/shipped/places.ts'
import { fillWorld } from '#tests/support/expressions/shipped/random-world.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

const WORLDS = Number(process.env.CERTFLOW_TEST_WORLDS ?? 1)
let database: TestDatabase
let found: Places
let asked: Asked

beforeAll(async () => {
  found = await placesOf()
  database = await testDatabase()
  const keyring = createKeyring(generateSecrets())
  asked = {
    db: database.db, registry: new Registry(found.definitions, database.db.dialect.name), random: seededRandom(20),
    sealing: { seal: (plain, place) => keyring.encrypt(plain, place), open: (sealed, place) => keyring.decrypt(sealed, place), blind: (kind, value) => keyring.blindIndex(kind, value) },
  }
  await applyTables(database.db, asked.registry.variants().map(tableOf))
}, 120_000)
afterAll(() => database.close())

/** Places by programme, each in worlds of its own. */
async function differences(wanted: (p: Place) => boolean): Promise<{ compared: number; found: Difference[] }> {
  const different: Difference[] = []
  let compared = 0
  for (const programme of Object.values(found.definitions.programmes)) {
    const places = found.places.filter((p) => p.programme === programme && wanted(p))
    if (places.length === 0) continue
    for (let n = 0; n < WORLDS; n++) {
      await fillWorld({ ...asked, programme })
      for (const place of places) {
        compared++
        different.push(...await differencesOf(asked, place).catch((error: unknown): Difference[] => [{ text: place.text, entity: place.entity.id, row: '', closure: '', sql: `threw ${error instanceof Error ? error.message : String(error)}` }]))
      }
    }
  }
  return { compared, found: [...new Map(different.map((d) => [`${d.entity}|${d.text}`, d])).values()] }
}

describe('every expression of the shipped definitions that the database can answer', () => {
  it('gives the same there as in the closure, as a value and as a condition, over generated records', async () => {
    const result = await differences(() => true)

    expect(result.found.slice(0, 20)).toEqual([])
    expect(result.compared).toBeGreaterThan(300)
  }, 300_000)

  it('leaves out no computed state and no row rule', () => {
    const compared = new Set(found.places.map((p) => `${p.entity.id} ${p.text}`))
    const wanted = Object.values(found.definitions.programmes).flatMap((programme) => entitiesOf(programme).flatMap((entity) => [
      ...[...walk(entity.properties)].flatMap((p) => (p.compute?.at === 'read' ? [`${entity.id} ${p.compute.expr}`] : [])),
      ...Object.keys(programme.roles).flatMap((role) => (rowConditions(programme, entity, role) ?? []).map((text) => `${entity.id} ${text}`)),
    ]))

    expect(wanted.filter((w) => !compared.has(w))).toEqual([])
    expect(new Set(wanted).size).toBeGreaterThan(50)
  })
})
