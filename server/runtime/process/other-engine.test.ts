import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draw } from '#tests/support/process/drawing.ts'
import { sharedPieces, type Piece } from '#tests/support/process/pieces.ts'
import { compiled, runOurs, runTheirs } from '#tests/support/process/two-engines.ts'

const RUNS = Number(process.env.CERTFLOW_TEST_RUNS ?? 150)
const picks = fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 25 })

/** Drives both engines alike and compares them after every move. */
async function together(piece: Piece, moves: [number, boolean][]): Promise<Record<string, number>> {
  const drawing = draw(piece)
  const ours = runOurs(await compiled(drawing), drawing)
  const theirs = await runTheirs(drawing)
  const did: Record<string, number> = {}
  const said: string[] = []
  for (let n = 0; n < 200; n++) {
    const about = `${said.join(', ')} in ${drawing.xml}`
    expect(ours.open(), about).toEqual(theirs.open())
    expect(ours.trace(), about).toEqual(theirs.trace())
    expect(ours.ended(), about).toBe(theirs.ended())
    const open = ours.open()
    if (open.length === 0) break
    const [pick, other] = moves[n] ?? [0, false]
    const what = open[pick % open.length] ?? ''
    const [kind = '', id = ''] = what.split(' ')
    const condition = drawing.again[id]
    if (kind === 'task' && condition !== undefined) drawing.holds[condition] = other
    const fail = kind === 'call' && other && drawing.boundary[id] !== undefined
    said.push(`${what}${fail ? ' fails' : ''}`)
    did[fail ? 'fail' : kind] = (did[fail ? 'fail' : kind] ?? 0) + 1
    if (kind === 'task' && drawing.several.has(id)) did['several'] = (did['several'] ?? 0) + 1
    ours.do(what, fail)
    theirs.do(what, fail)
  }
  expect(ours.ended()).toBe(true)
  return did
}

describe('a process of any shape that bpmn-engine runs by the standard', () => {
  it('waits for the same, completes the same and reaches the same ends as there, in any order', async () => {
    const did: Record<string, number> = {}
    await fc.assert(fc.asyncProperty(sharedPieces(), picks, async (piece, moves) => {
      for (const [kind, n] of Object.entries(await together(piece, moves))) did[kind] = (did[kind] ?? 0) + n
    }), { numRuns: RUNS, seed: 20260522 })

    // nothing is compared that never came up
    for (const kind of ['task', 'call', 'mail', 'timer', 'fail', 'several']) expect(did[kind], kind).toBeGreaterThan(RUNS / 20)
  }, 120_000)
})
