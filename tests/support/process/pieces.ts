import fc from 'fast-check'

/** Processes made of pieces that fit one after the other; each piece is named by its place. */
export type Piece =
  /** a user task, an operation, a message and a timer that are waited for */
  | { kind: 'task' | 'call' | 'mail' | 'pause' }
  | { kind: 'seq'; of: Piece[] }
  /** takes one of the ways; the last one is the default */
  | { kind: 'xor'; of: Piece[]; take: number }
  | { kind: 'par'; of: Piece[] }
  /** body, then a task after which the body may be repeated */
  | { kind: 'loop'; body: Piece }
  | { kind: 'sub'; body: Piece }
  /** a task with a timer on its boundary: instead of it, or beside it */
  | { kind: 'late'; aside: Piece; instead: boolean }
  /** an operation with an error boundary */
  | { kind: 'fails'; aside: Piece }
  /** a sub-process that may end in an error, caught around it */
  | { kind: 'throws'; body: Piece; aside: Piece; fail: boolean }
  /** a task for each of several, at once or one after the other; `until` may end it early */
  | { kind: 'many'; count: number; oneByOne: boolean; until: boolean }
  /** whichever comes first, a message or a time, decides the way */
  | { kind: 'race'; of: [Piece, Piece] }
  /** a sub-process with an event sub-process that a timer starts: instead of the rest, or beside it */
  | { kind: 'watched'; body: Piece; aside: Piece; instead: boolean }
  /** from one place to another by a link */
  | { kind: 'link' }
  /** a sub-process in which a task beside the body terminates everything */
  | { kind: 'stops'; body: Piece }

const LEAVES = ['task', 'task', 'call', 'mail', 'pause'] as const
const leaf: fc.Arbitrary<Piece> = fc.constantFrom(...LEAVES).map(kind => ({ kind }))

/** What may come in a place: loops, ways that merge again, and what bpmn-engine gets right once but not when it is repeated. */
interface May { loop: boolean; merge: boolean; once: boolean }
const ALL: May = { loop: true, merge: true, once: true }

/** `shared`: only what bpmn-engine runs by the standard, see joins.test.ts; a sub-process is a place of its own. */
function piece(depth: number, may: May, shared: boolean): fc.Arbitrary<Piece> {
  if (depth <= 0) return leaf
  const at = (m: May): fc.Arbitrary<Piece> => piece(depth - 1, m, shared)
  const several = (m: May): fc.Arbitrary<Piece[]> => fc.array(at(m), { minLength: 2, maxLength: 3 })
  const [inner, scope] = [at(may), at({ ...ALL, once: may.once })]
  // it remembers an error that was thrown when the sub-process is entered again, and no activity of it is there twice at a time
  const repeated = shared ? at({ ...may, once: false }) : inner
  const kinds: fc.Arbitrary<Piece>[] = [
    leaf,
    fc.record({ kind: fc.constant('many' as const), count: fc.integer({ min: 1, max: 3 }), oneByOne: fc.boolean(), until: fc.boolean() }),
    ...(shared ? [] : [fc.constant({ kind: 'link' as const })]),
    several(may).map(of => ({ kind: 'seq', of })),
    scope.map(body => ({ kind: 'sub', body })),
    scope.map(body => ({ kind: 'stops', body })),
    ...(shared ? [] : [fc.tuple(scope, inner, fc.boolean()).map(([body, aside, instead]): Piece => ({ kind: 'watched', body, aside, instead }))]),
    ...(may.once ? [inner.map((aside): Piece => ({ kind: 'late', aside, instead: false }))] : []),
  ]
  if (may.merge) {
    kinds.push(
      fc.tuple(several(may), fc.nat(2)).map(([of, take]) => ({ kind: 'xor', of, take: take % of.length })),
      inner.map(aside => ({ kind: 'late', aside, instead: true })),
      ...[1, 2].map(() => inner.map((aside): Piece => ({ kind: 'fails', aside }))),
      fc.tuple(inner, inner).map(of => ({ kind: 'race', of })),
      ...(may.once ? [fc.tuple(scope, inner, fc.boolean()).map(([body, aside, fail]): Piece => ({ kind: 'throws', body, aside, fail }))] : []))
  }
  // alone in its sub-process and without ways that merge: elsewhere bpmn-engine's join counts ways that were not taken
  if (shared) kinds.push(several({ ...may, merge: false, loop: false }).map(of => ({ kind: 'sub', body: { kind: 'par', of } })))
  else kinds.push(several(may).map(of => ({ kind: 'par', of })))
  if (may.loop) kinds.push(repeated.map(body => ({ kind: 'loop', body })))
  return fc.oneof(...kinds)
}
/** Any process. */
export const pieces = (depth = 3): fc.Arbitrary<Piece> => piece(depth, ALL, false)
/** Those that another engine can be asked about. */
export const sharedPieces = (depth = 3): fc.Arbitrary<Piece> => piece(depth, ALL, true)
