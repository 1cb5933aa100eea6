import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { fromFeel } from '#server/runtime/expressions/index.ts'
import type { Call } from '../../context.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import { isRow } from '../schema/feel-values.ts'
import { columnsOf } from '../schema/tables.ts'
import { getPath, setPath, walk } from '../schema/properties.ts'
import { askAlike, followFrom } from './alike.ts'
import { good, refuse, rowOf, type Draft } from './draft.ts'
import { say } from './messages.ts'
import { overlayDraft, recordNames } from './values.ts'

const TOKEN = /\{([^{}:]+)(?::([^{}]*))?\}/g

const pad = (n: number, width: number): string => String(n).padStart(width, '0')
/** making one costs more than a hundred uses */
const formats = new Map<string, Intl.DateTimeFormat>()
function zoned(ms: number, zone: string): Record<string, string> {
  let format = formats.get(zone)
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })))
  const parts = format.formatToParts(ms)
  return Object.fromEntries(parts.map((p) => [p.type, p.value]))
}
/** numbers of a set mostly name the same day */
const dates = new Map<string, string>()
const MOST_DATES = 100
/** yyyy MM dd HH mm ss and yy */
export function formatTime(ms: number, pattern: string, zone: string): string {
  const key = `${ms}|${pattern}|${zone}`
  let text = dates.get(key)
  if (text === undefined) {
    if (dates.size >= MOST_DATES) dates.clear()
    dates.set(key, (text = written(ms, pattern, zone)))
  }
  return text
}
function written(ms: number, pattern: string, zone: string): string {
  const z = zoned(ms, zone)
  return pattern.replace(/yyyy|yy|MM|dd|HH|mm|ss/g, (t) => ({ yyyy: z['year']!, yy: z['year']!.slice(2), MM: z['month']!, dd: z['day']!, HH: z['hour']!, mm: z['minute']!, ss: z['second']! })[t]!)
}

class NumberProblem extends Error {}

/** each character is one unit */
const PLAIN = /^[\u0020-\ud7ff]*$/

function piece(value: FeelValue, format: string | undefined, zone: string, path: string): string {
  if (value === null) throw new NumberProblem(`编号规则需要的“${path}”为空`)
  if (typeof value === 'object' && !Array.isArray(value) && (value as { $?: string }).$ === 'instant') return formatTime((value as { ms: number }).ms, format ?? 'yyyyMMdd', zone)
  const text = isRow(value) ? value.id : String(fromFeel(value, { kind: 'any' }))
  if (!format) return text
  const range = /^(\d+)\.\.(\d+)$/.exec(format)
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])]
    const cut = PLAIN.test(text) ? text.slice(from - 1, to) : [...text].slice(from - 1, to)
    if (cut.length !== to - from + 1) throw new NumberProblem(`“${path}”不足 ${range[2]} 位`)
    return typeof cut === 'string' ? cut : cut.join('')
  }
  if (/^\d+$/.test(format)) {
    if (text.length > Number(format)) throw new NumberProblem(`“${path}”超过 ${format} 位`)
    return text.padStart(Number(format), '0')
  }
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? formatTime(Date.parse(text), format, zone) : text
}

/** Next n values of a named sequence, in this transaction, so that nothing is skipped when gaps are not allowed. A sequence used for the first time begins after `highest`. */
export async function takeSequence(engine: Engine, name: string, n: number, highest = 0): Promise<number> {
  const mysql = engine.db.dialect.name === 'mysql'
  await engine.db.run(mysql
    ? 'INSERT INTO sequences (name, value) VALUES (?, ?) ON DUPLICATE KEY UPDATE value = value + ?'
    : 'INSERT INTO sequences (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + ?', [name, highest + n, n])
  const row = await engine.db.one<{ value: number }>('SELECT value FROM sequences WHERE name = ?', [name])
  return Number(row!.value) - n + 1
}

const SEQ = /\{seq:(\d+)\}/
interface Head { d: Draft; text: string; sequence: string }

/** The highest number that a seed or an older system left under these heads, by sequence: only for sequences that nobody has drawn from yet. */
async function highestStanding(engine: Engine, p: PropertyDef, groups: Map<string, Head[]>): Promise<Map<string, number>> {
  const { db } = engine
  const out = new Map<string, number>()
  const [first] = [...groups.values()].flat()
  const width = Number(SEQ.exec(p.number!.pattern)?.[1])
  if (!first || !width || !p.column) return out
  const names = [...groups.keys()]
  const known = new Set<string>()
  for (let i = 0; i < names.length; i += NAMES) {
    const some = names.slice(i, i + NAMES)
    for (const row of await db.all<{ name: string }>(`SELECT name FROM sequences WHERE name IN (${some.map(() => '?').join(', ')})`, some)) known.add(row.name)
  }
  const fresh = names.filter((name) => !known.has(name)).flatMap((name) => [...new Set(groups.get(name)!.map(({ text }) => text))].map((text) => ({ name, head: text.slice(0, text.search(SEQ)), tail: text.replace(/^.*\{seq:\d+\}/s, '') })))
  const sizes = new Set(fresh.map(({ head, tail }) => `${head.length}/${tail.length}`))
  const length = db.dialect.name === 'mysql' ? 'CHAR_LENGTH' : 'LENGTH'
  for (const size of sizes) {
    const [before = 0, after = 0] = size.split('/').map(Number)
    const among = fresh.filter(({ head, tail }) => head.length === before && tail.length === after)
    const heads = among.map(({ head }) => head).sort()
    const rows = await db.all<{ head: string; top: string }>(`SELECT SUBSTR(${p.column.name}, 1, ${before}) AS head, MAX(SUBSTR(${p.column.name}, ${before + 1}, ${width})) AS top FROM ${first.d.def.table} WHERE ${p.column.name} >= ? AND ${p.column.name} <= ? AND ${length}(${p.column.name}) = ? GROUP BY head`,
      [`${heads[0]!}0`, `${heads.at(-1)!}:`, before + width + after])
    const tops = new Map(rows.filter(({ top }) => /^\d+$/.test(top)).map(({ head, top }) => [head, Number(top)]))
    for (const { name, head } of among) out.set(name, Math.max(out.get(name) ?? 0, tops.get(head) ?? 0))
  }
  return out
}
const NAMES = 500

interface Token { whole: string; path: string; format: string | undefined }
const tokensOf = (text: string): Token[] => [...text.matchAll(TOKEN)].map((m) => ({ whole: m[0], path: m[1]!, format: m[2] }))
/** What the pattern and the name of the sequence ask of a record. */
function tokensFor({ pattern, sequence = '' }: NonNullable<PropertyDef['number']>): { paths: Token[]; named: Token[]; asked: string[] } {
  const paths = tokensOf(pattern).filter((t) => !['seq', 'rand', 'unix'].includes(t.path))
  const named = tokensOf(sequence)
  return { paths, named, asked: [...new Set([...paths, ...named].map((t) => t.path))].filter((path) => path !== 'now') }
}
/** Own columns that say all of a number but its place in the sequence; null where more of the record may be asked. */
export function numberFollows(loader: FactLoader, def: EntityDef, p: PropertyDef): PropertyDef[] | null {
  const fields = followFrom(loader, def, tokensFor(p.number!).asked)
  return fields?.every((f) => columnsOf(f).length === 1) ? fields : null
}

/** The text of a number without what is drawn, and the name of its sequence; a problem where a part of it is missing. */
type Written = { text: string; fixed: string | null } | NumberProblem
function writtenOf(p: PropertyDef, answers: Record<string, FeelValue>, { paths, named }: { paths: Token[]; named: Token[] }, zone: string): Written {
  const put = (list: Token[], into: string): string => list.reduce((s, t) => s.replace(t.whole, piece(answers[t.path] ?? null, t.format, zone, t.path)), into)
  try { return { text: put(paths, p.number!.pattern), fixed: p.number!.sequence ? put(named, p.number!.sequence) : null } }
  catch (error) { if (!(error instanceof NumberProblem)) throw error; return error }
}

async function headsOf(engine: Engine, loader: FactLoader, p: PropertyDef, drafts: Draft[], stored: boolean): Promise<Head[]> {
  const { registry, programme, now, zone } = loader.context
  const tokens = tokensFor(p.number!)
  const values = await askAlike(loader, drafts, tokens.asked, (d) => {
    const scope = loader.scope(stored ? storedNames(d) : recordNames(d))
    const answers: Record<string, FeelValue> = { now: { $: 'instant', ms: now } }
    for (const path of tokens.asked) answers[path] = registry.expression(programme.id, path, recordScope(d.def)).evaluate(scope)
    return answers
  })
  const made = new Map<Record<string, FeelValue>, Written>()
  const heads: Head[] = []
  drafts.forEach((d, i) => {
    const answers = values[i]!
    let known = made.get(answers)
    if (!known) made.set(answers, (known = writtenOf(p, answers, tokens, zone)))
    if (known instanceof NumberProblem) { refuse(d, 'NUMBER', `${say(p.title)}：${known.message}`, p.path); return }
    const text = known.text.replaceAll('{unix}', String(Math.floor(now / 1000))).replace(/\{rand:(\d+)\}/g, (_, n: string) => pad(engine.random.int(0, 10 ** Number(n)), Number(n)))
    heads.push({ d, text, sequence: `${d.def.id}.${p.path}/${known.fixed ?? text.replace(/\{seq:\d+\}/g, '')}` })
  })
  return heads
}

async function drawOne(engine: Engine, loader: FactLoader, p: PropertyDef, drafts: Draft[], stored: boolean): Promise<void> {
  const { pattern } = p.number!
  const heads = await headsOf(engine, loader, p, drafts, stored)
  const groups = group(heads)
  const standing = await highestStanding(engine, p, groups)
  for (const [name, members] of groups) {
    const width = SEQ.exec(pattern)?.[1]
    let next = width ? await takeSequence(engine, name, members.length, standing.get(name)) : 0
    for (const m of members) {
      const seq = String(next++)
      if (width && seq.length > Number(width)) { refuse(m.d, 'NUMBER_OVERFLOW', `${say(p.title)}：序号已超过 ${width} 位，请联系管理员调整编号规则`, p.path); continue }
      setPath(m.d.data, p.path, width ? m.text.replace(SEQ, seq.padStart(Number(width), '0')) : m.text)
      m.d.numbered.push(p.path)
      if (!stored) overlayDraft(loader, m.d)
    }
  }
}
function group<T extends { sequence: string }>(list: T[]): Map<string, T[]> {
  const out = new Map<string, T[]>()
  for (const item of list) { const members = out.get(item.sequence); if (members) members.push(item); else out.set(item.sequence, [item]) }
  return out
}

/** A record that is looked at as it is stored: nothing of it has changed. */
const storedNames = (d: Draft): Record<string, FeelValue> => { const row = rowOf(d); return { record: row, item: row, old: row } }

/** Draws one number for stored records of one entity that have none; their drafts need hold no more than that field. */
export async function drawStored(engine: Engine, loader: FactLoader, p: PropertyDef, drafts: Draft[]): Promise<void> {
  const due = good(drafts).filter((d) => getPath(d.data, p.path) === undefined)
  if (due.length) await drawOne(engine, loader, p, due, true)
}

/** Draws the numbers due at this moment; one that is drawn never changes. */
export async function drawNumbers(engine: Engine, _call: Call, loader: FactLoader, drafts: Draft[], moment: 'create' | 'submit' | 'effect'): Promise<void> {
  const defs = new Map(good(drafts).map((d) => [d.def.id, d.def]))
  for (const def of defs.values()) {
    for (const p of walk(def.properties)) {
      if (!p.number || p.number.draw !== moment) continue
      const due = good(drafts).filter((d) => d.def.id === def.id && getPath(d.data, p.path) === undefined)
      if (due.length) await drawOne(engine, loader, p, due, false)
    }
  }
}
