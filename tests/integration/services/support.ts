import { composeServices } from '#server/compose.ts'
import type { Actor, Services } from '#server/services.ts'
import { testHouse, type TestHouse, type TestHouseOptions } from '../support/house.ts'

export interface Desk { h: TestHouse; services: Services; actor(user: string, role?: string): Promise<Actor>; close(): Promise<void> }
/** The services over a house with the demo set, in the weeks when applications are open. */
export async function openDesk(options: TestHouseOptions = {}): Promise<Desk> {
  const h = await testHouse({ now: '2026-03-10T10:00+08:00', ...options })
  return { h, services: composeServices(h.house), actor: async (user, role) => (await h.as(user, role)).actor, close: h.close }
}
/** The answer, or a failure that tells every reason. */
export function got<T extends object>(result: ({ ok: true } & T) | { ok: false; problems: { message: string }[] }): T {
  if (!result.ok) throw new Error(result.problems.map((p) => p.message).join('；'))
  return result
}
export const messages = (result: { ok: boolean; problems?: { message: string }[] }): string[] => (result.ok ? [] : (result.problems ?? []).map((p) => p.message))
