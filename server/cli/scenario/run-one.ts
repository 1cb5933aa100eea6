import type { Definitions, Scenario } from '#server/runtime/definitions/index.ts'
import { runScenario, type ScenarioReport } from '#server/scenarios/run-scenario.ts'
import { ownSchema } from './own-database.ts'

export interface RunSettings { database?: string; chromium?: string }

/** One scenario in a database of its own. */
export const runOne = async (scenario: Scenario, definitions: Definitions, { database, chromium }: RunSettings): Promise<ScenarioReport> => {
  const own = database ? await ownSchema(database) : null
  try {
    return await runScenario(scenario, definitions, { ...(own ? { databaseUrl: own.url } : {}), ...(chromium ? { chromium } : {}) })
  } finally { await own?.drop() }
}
