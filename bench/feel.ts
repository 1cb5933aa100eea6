import fc from 'fast-check'
import { evaluate } from 'feelin'
import { byClosure, bySql } from '#tests/support/expressions/agreement.ts'
import { boolean, number, text } from '#tests/support/expressions/grammar.ts'
import { options, worlds } from '#tests/support/expressions/world.ts'
import { compile, fromFeel, toFeel, type FeelType, type Scope } from '#server/runtime/expressions/index.ts'
import { check, inTurns, shown, timed } from './harness/measure.ts'
import { worldStore } from './harness/feel-worlds.ts'
import type { BenchContext, Benchmark, DatabaseKind, Figure } from './harness/types.ts'

const CASES: { id: string; text: string; of: FeelType['kind'] }[] = [
  { id: 'compare', text: 'headcount > 30', of: 'boolean' },
  { id: 'pass', text: '0.3 * theory + 0.7 * practical >= 60', of: 'boolean' },
  { id: 'nested', text: 'if level = "HIGH" and (kind in ["SCHOOL", "SOCIAL"]) then school.quota - used else school.spare', of: 'number' },
]
const CONTEXT = { headcount: 45, theory: 81, practical: 52, level: 'HIGH', kind: 'SOCIAL', used: 17, school: { quota: 120, spare: 3 } }
const number0: FeelType = { kind: 'number' }
const string: FeelType = { kind: 'string' }
const NAMES: Record<string, FeelType> = { headcount: number0, theory: number0, practical: number0, level: string, kind: string, used: number0, school: { kind: 'context', fields: { quota: number0, spare: number0 } } }
const scopeOf = (context: object): Scope => ({ names: toFeel(context as never, { kind: 'context', fields: NAMES }) as Scope['names'], now: 0, zone: 'UTC' })
const theirs = (expression: string, context: object): unknown => {
  const found = evaluate(expression, context as never) as unknown
  return typeof found === 'object' && found !== null && 'value' in found ? found.value : found
}

async function speed(ctx: BenchContext): Promise<Figure[]> {
  const scope = scopeOf(CONTEXT)
  const figures: Figure[] = []
  for (const c of CASES) {
    const { evaluate: ours } = compile(c.text, { model: options.model, names: NAMES })
    const expected = theirs(c.text, CONTEXT)
    check(fromFeel(ours(scope)) === expected, `${c.text} gives ${String(fromFeel(ours(scope)))} and by feelin ${String(expected)}`)
    const [many, few] = [ctx.size(1_000_000), ctx.size(1_000)]
    let kept: unknown
    const us = await inTurns(ctx.rounds,
      async () => (await timed(() => { for (let n = 0; n < many; n++) kept = ours(scope) }) * 1000) / many,
      async () => (await timed(() => { for (let n = 0; n < few; n++) kept = theirs(c.text, CONTEXT) }) * 1000) / few)
    check(kept !== undefined, 'nothing was evaluated')
    figures.push({ id: c.id, what: `\`${c.text.replaceAll('|', '\\|')}\`, compiled once`, value: 1 / us.ratio, unit: '×', goal: { atLeast: 1_000 }, behind: `${shown(us.ours)} µs against feelin's ${shown(us.theirs)} µs` })
  }
  return figures
}

/** A candidate passes with exactly 60.00: every pair of whole scores, counted in hundredths by integers. */
function decimals(): Figure[] {
  const rule = CASES[1]!.text
  const { evaluate: ours } = compile(rule, { model: options.model, names: NAMES })
  let [wrong, wrongInDoubles] = [0, 0]
  for (let theory = 0; theory <= 100; theory++) {
    for (let practical = 0; practical <= 100; practical++) {
      const passes = 30 * theory + 70 * practical >= 6000
      if (ours(scopeOf({ ...CONTEXT, theory, practical })) !== passes) wrong++
      if ((0.3 * theory + 0.7 * practical >= 60) !== passes) wrongInDoubles++
    }
  }
  return [{ id: 'decimals', what: `wrong of 10 201 score pairs by \`${rule}\``, value: wrong, unit: '', goal: { atMost: 0 }, behind: `in doubles, as feelin computes: ${wrongInDoubles}` }]
}

const digits = (value: unknown): unknown => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value)
const PER_WORLD = 100

/** Generated expressions over generated rows: what the closure says against what each database says. */
async function agreement(ctx: BenchContext, stores: { kind: DatabaseKind; url: string }[]): Promise<Figure[]> {
  const wanted = ctx.size(10_000)
  const grammar = fc.oneof({ arbitrary: boolean(3, '', false), weight: 2 }, { arbitrary: number(3, '', false), weight: 2 }, { arbitrary: text(2, ''), weight: 1 })
  const opened = await Promise.all(stores.map(async (s) => ({ ...s, store: await worldStore(s.kind, s.url), different: [] as string[] })))
  ctx.after(() => Promise.all(opened.map((o) => o.store.close())))
  let [compared, refused] = [0, 0]
  for (let seed = 1; compared < wanted; seed++) {
    const [world] = fc.sample(worlds, { numRuns: 1, seed })
    for (const o of opened) await o.store.fill(world!)
    for (const expression of fc.sample(grammar, { numRuns: PER_WORLD, seed: seed + 1_000_000 })) {
      if (compared === wanted) break
      const why = compile(expression, options).notSqlable
      // the one deviation that is listed: a product of products may leave the exact range, and is refused as SQL instead of rounded
      if (why && /decimals, at most/.test(why.message)) { refused++; continue }
      compared++
      const expected = why ? null : JSON.stringify(byClosure(expression, world!).map((a) => ({ ...a, value: digits(a.value) })))
      for (const o of opened) {
        const found = why ? why.message : await bySql(expression, world!, o.store.dialect, o.store.run).then((rows) => JSON.stringify(rows), (e: Error) => e.message)
        if (sorted(found) !== sorted(expected)) o.different.push(`seed ${seed}: ${expression}`)
      }
    }
  }
  for (const o of opened) for (const d of o.different.slice(0, 5)) ctx.say(`${o.kind} differs: ${d}`)
  return opened.map((o) => ({ id: `differences-${o.kind}`, what: `differences between closure and database in ${compared} generated expressions`, on: o.kind, value: o.different.length, unit: '', goal: { atMost: 0 }, behind: o.different[0] ?? `${refused} more were refused as SQL: they would leave the exact range` }))
}
/** The members of an answer in one order. */
const sorted = (json: string | null): string => {
  try { return JSON.stringify((JSON.parse(json ?? 'null') as Record<string, unknown>[]).map((a) => [a['id'], a['value'], a['condition']])) } catch { return json ?? '' }
}

const benchmark: Benchmark = {
  title: 'Compiled expressions against feelin evaluating the text, and the same expressions as closure, in SQLite and in MariaDB',
  run: async (ctx) => [...await speed(ctx), ...decimals(), ...await agreement(ctx, await ctx.databases())],
}
export default benchmark
