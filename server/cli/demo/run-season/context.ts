import type { Person } from '../generator/index.ts'
import type { SeasonFiles } from './season-files.ts'
import type { World } from '#server/scenarios/world.ts'
import { resolve } from '#server/scenarios/world.ts'
import type { Actor, Services } from '#server/services.ts'

/** What the steps of a season share. */
export interface SeasonContext {
  services: Services
  world: World
  /** where files that people would have on their computers are written */
  dir: string
  /** numbers a step may use as ${name} */
  numbers: Record<string, number>
  /** who is still in the race: those whose rows and photos were good */
  people: Person[]
  /** files made by earlier steps, by name */
  files: Map<string, string>
  seed: number
  /** uploads that are kept beside the season and used as they are */
  kept: SeasonFiles | null
  /** uploads that this run made, by the step's title */
  made: Map<string, { path: string; good: number; bad: number }>
}
export interface StepResult { count: number; note?: string }

export const actorOfStep = (ctx: SeasonContext): Actor => {
  if (!ctx.world.actor) throw new Error('the step says nobody who does it (as)')
  return ctx.world.actor
}

/** Fills ${numbers}, then $references: ids, or values of the records that were made. */
export async function fillIn<T>(ctx: SeasonContext, value: T, more: Record<string, number> = {}): Promise<T> {
  return resolve(ctx.world, numbersIn(value, { ...ctx.numbers, ...more }))
}

function numbersIn<T>(value: T, numbers: Record<string, number>): T {
  if (typeof value === 'string') {
    const whole = /^\$\{(\w+)\}$/.exec(value)
    if (whole) return numberOf(whole[1]!, numbers) as T
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => String(numberOf(name, numbers)).padStart(2, '0')) as T
  }
  if (Array.isArray(value)) return value.map((v) => numbersIn(v, numbers)) as T
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, numbersIn(v, numbers)])) as T
  return value
}

const numberOf = (name: string, numbers: Record<string, number>): number => {
  const found = numbers[name]
  if (found === undefined) throw new Error(`there is no number called ${name}; there are: ${Object.keys(numbers).join(', ')}`)
  return found
}
