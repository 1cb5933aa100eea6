import { seededRandom } from '#server/platform/random.ts'
import { fault, writeFaultySheet } from './faulty-sheet.ts'
import type { ExpectedRow, SheetOptions } from './faulty-sheet.ts'

export type ScoreField = 'ticketNo' | 'name' | 'subjectNo' | 'score'
export type ScoreFault = 'numeric-id' | 'unknown-ticket' | 'wrong-name' | 'score-out-of-range' | 'score-not-a-number' | 'missing-value' | 'duplicate-in-file' | 'stray-space'

export interface Sitting { ticketNo: string; name: string; subjectNo: string }
export interface ScoreOptions extends SheetOptions<ScoreField, ScoreFault> {
  /** full mark, default 100 */
  max?: number
  /** word for an absent candidate, default 缺考; one row in 30 has it */
  absent?: string
}

/** A mark with one decimal, more often good than bad. */
const markOf = (random: ReturnType<typeof seededRandom>, max: number): number => Math.min(max * 10, random.int(max * 3, max * 10 + 1) + random.int(0, max)) / 10

/** Writes the scores of sittings; returns what must become of each row. Exactly 60 % of the full mark is among them. */
export const writeScoreSheet = (path: string, sittings: readonly Sitting[], options: ScoreOptions): Promise<ExpectedRow[]> => {
  const { max = 100, absent = '缺考' } = options
  const random = seededRandom(options.seed ?? 1)
  const scoreOf = (i: number): string | number => (i % 30 === 29 ? absent : i % 30 === 7 ? max * 0.6 : markOf(random, max))
  return writeFaultySheet<ScoreField, ScoreFault>(path, {
    rows: sittings.map(({ ticketNo, name, subjectNo }, i) => ({ ticketNo, name, subjectNo, score: scoreOf(i) })),
    keyOf: (row) => String(row.ticketNo),
    faults: {
      'numeric-id': fault('ticketNo', (ticket) => Number(ticket)),
      'unknown-ticket': fault('ticketNo', (ticket) => `${String(ticket).slice(0, -5)}99999`),
      'wrong-name': fault('name', (name) => `${String(name)}甲`),
      'score-out-of-range': fault('score', () => max + 1),
      'score-not-a-number': fault('score', () => '优秀'),
      'missing-value': fault('score', () => null),
      'duplicate-in-file': { field: 'ticketNo', apply: (_row, firstGood) => ({ ...firstGood }) },
      'stray-space': fault('ticketNo', (ticket) => `${String(ticket)} `),
    },
  }, options)
}
