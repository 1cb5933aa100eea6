import { describe, expect, it, vi } from 'vitest'
import { askForTurn, turnTaken } from '#server/data/statement/sqlite-turns.ts'
import type { Db } from '#server/data/index.ts'
import { createPace, unhurried } from './pace.ts'

const sqlite = { dialect: { skipLocked: false } } as Db
const mysql = { dialect: { skipLocked: true } } as Db

describe('how long a batch may hold what it locks', () => {
  it('is short from the moment that somebody has waited for the file, and long again when nobody has for a while', () => {
    let now = 50_000_000_000n
    vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => now)
    const alone = unhurried(sqlite)()
    askForTurn()
    turnTaken()
    expect(unhurried(sqlite)()).toBe(40)
    now += 2_900_000_000n
    expect(unhurried(sqlite)()).toBe(40)
    now += 200_000_000n
    expect(unhurried(sqlite)()).toBe(alone)
    expect(alone).toBeGreaterThan(40)
  })
  it('does not follow who waits where only rows are locked', () => {
    askForTurn()
    turnTaken()
    expect(unhurried(mysql)()).toBeGreaterThan(40)
  })
  it('sets the size of the next batch, which at most doubles or halves', () => {
    let target = 100
    const pace = createPace({ start: 100, min: 10, max: 1000, targetMs: () => target })
    pace.learn(80)
    expect(pace.size).toBe(125)
    pace.learn(1)
    expect(pace.size).toBe(250)
    target = 10
    pace.learn(100)
    expect(pace.size).toBe(125)
  })
})
