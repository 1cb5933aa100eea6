import type { TrailEntry } from '#server/services.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { presentValue, propertyAt, propertyToFeel, titleAt, trailOf as eventsOf, type FactLoader } from '#server/runtime/records/index.ts'
import { labelOfMove, signLabel, type Verb } from '#server/runtime/process/index.ts'
import type { Call } from '../context.ts'
import { namesOfFiles, ruleAt } from './cells.ts'
import { iso, labelOf, textOf, word, type ViewParts } from './parts.ts'

interface Row { id: number; kind: string; element: string | null; outcome: string | null; actor_id: number | null; actor_role: string | null; actor_org: number | null; comment: string | null; at: number }
interface TaskRow { element: string; created_at: number; completed_at: number | null }
type Changes = Record<string, [unknown, unknown]>
const MOST = 500

/** What has happened to a record, newest first, in words: outcomes apart from changes. */
export async function trailOf(parts: ViewParts, call: Call, loader: FactLoader, def: EntityDef, id: string): Promise<{ review: TrailEntry[]; history: TrailEntry[]; elements: string[] }> {
  const { db } = parts.core.engine
  const events = await eventsOf(parts.core.engine, def, id, MOST)
  const rows = events.map((e): Row => ({ ...e, id: Number(e.id), actor_id: e.actor === null ? null : Number(e.actor), actor_role: e.role, actor_org: e.org === null ? null : Number(e.org) }))
  const tasks = await db.all<TaskRow>('SELECT element, created_at, completed_at FROM tasks WHERE record_id = ? AND entity = ? AND completed_at IS NOT NULL', [Number(id), def.id])
  const parsed = events.map((e): Changes => e.changes ?? {})
  const files = await namesOfFiles(parts, parsed.flatMap((c) => Object.entries(c).flatMap(([path, pair]) => (fileAt(def, path) ? pair.flat().map(String) : []))))
  const entries = await loader.settleAll(rows, (r, i): TrailEntry => {
    const took = tasks.find((t) => t.element === r.element && Number(t.completed_at) === Number(r.at))
    const changes = changesOf(call, loader, def, id, parsed[i]!, files)
    return {
      id: String(r.id), at: iso(r.at), who: nameOf(loader, 'core/user', r.actor_id) || word(call.actor.lang, '系统', 'System'), role: roleOf(call, r.actor_role), organisation: nameOf(loader, 'core/organisation', r.actor_org),
      what: whatOf(parts, call, def, r), ...(r.comment ? { comment: r.comment } : {}), ...(r.element ? { element: r.element } : {}), ...(took ? { tookMs: Number(took.completed_at) - Number(took.created_at) } : {}), ...(changes.length ? { changes } : {}),
    }
  })
  const isReview = (r: Row): boolean => r.kind === 'outcome' || r.kind === 'message' || r.kind === 'move'
  return { review: entries.filter((_, i) => isReview(rows[i]!)), history: entries, elements: [...new Set(rows.flatMap((r) => r.element ?? []))] }
}

function nameOf(loader: FactLoader, entity: string, id: number | null): string {
  const name = id === null ? null : loader.property({ $: 'row', entity, id: String(id) }, 'name')
  return typeof name === 'string' ? name : ''
}
const roleOf = (call: Call, role: string | null): string => (role ? textOf(call, call.programme.roles[role]?.title) || (role === 'system' ? '' : role) : '')
const fileAt = (def: EntityDef, path: string): boolean => { const p = propertyAt(def, path); return Boolean(p?.file ?? p?.items?.file) }

function changesOf(call: Call, loader: FactLoader, def: EntityDef, id: string, changes: Changes, files: Map<string, string>): { title: string; from: string; to: string }[] {
  const row = { $: 'row', entity: def.id, id } as const
  return Object.entries(changes).flatMap(([path, [from, to]]) => {
    if (path.startsWith('$')) return [{ title: `${word(call.actor.lang, '变量 ', 'Variable ')}${path.slice(1)}`, from: plainJson(from), to: plainJson(to) }]
    const rule = ruleAt(call, loader, def, row, path)
    const p = propertyAt(def, path)
    if (rule.hidden || !p) return []
    const show = (v: unknown): string => {
      if (v === null || v === undefined) return ''
      if (p.sensitive || rule.mask) return '***'
      if (fileAt(def, path)) return [v].flat().map((f) => files.get(String(f)) ?? '').filter(Boolean).join('、')
      if (p.kind === 'array' && p.items?.properties) return word(call.actor.lang, `${(v as unknown[]).length} 行`, `${(v as unknown[]).length} rows`)
      const text = presentValue(loader, p, propertyToFeel(p, v), call.actor.lang, undefined, def).text
      return (p.media === 'text/html' || def.form.layout.widgets[path]?.widget === 'rich-text' ? text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim() : text).slice(0, 200)
    }
    return [{ title: titleAt(def.properties, path, call.actor.lang), from: show(from), to: show(to) }]
  })
}

const plainJson = (v: unknown): string => (v === null || v === undefined ? '' : typeof v === 'string' ? v : JSON.stringify(v)).slice(0, 200)

const KINDS: Record<string, [string, string]> = { create: ['新建', 'Created'], edit: ['修改', 'Changed'], delete: ['删除', 'Deleted'], timer: ['到期自动处理', 'Timer'], start: ['启动流程', 'Started'], condition: ['条件满足，自动处理', 'Condition met'], escalation: ['上报，无人处理', 'Escalated, taken up by nobody'], loopCut: ['其余自动取消', 'Others cancelled'], variables: ['修正流程变量', 'Variables corrected'] }
/** An event in the words of its button. */
export function whatOf(parts: ViewParts, call: Call, def: EntityDef, r: { kind: string; element: string | null; outcome: string | null }): string {
  const elements = parts.core.processes.catalogue.of(call.programme, def)?.compiled.elements ?? {}
  const el = r.element ? elements[r.element] : undefined
  const outcome = r.outcome ?? ''
  const signed = r.kind === 'outcome' && el && !el.outcomes.some((o) => o.id === outcome) ? signLabel(outcome, call.actor.lang) : undefined
  if (signed !== undefined) return word(call.actor.lang, `加签：${signed}`, `Signed: ${signed}`)
  if (r.kind === 'move') return labelOf(call, labelOfMove(outcome as Verb, call.actor.lang, el?.moves?.find((m) => m.do === outcome)))
  const label = el?.outcomes.find((o) => o.id === outcome)?.label ?? (el && el.type !== 'userTask' ? (el.label ?? el.name) : undefined)
  if (r.kind !== 'create' && r.kind !== 'edit' && r.kind !== 'escalation' && r.kind !== 'variables' && label) return labelOf(call, label)
  const action = def.form.actions[outcome.replace(/^action:/, '')]
  if (action && outcome !== 'user') return textOf(call, action.title)
  const way = def.form.imports[outcome.replace(/^import:/, '')]
  const base = KINDS[r.kind]
  const text = base ? word(call.actor.lang, base[0], base[1]) : (el?.name ?? r.kind)
  return way && outcome.startsWith('import:') ? `${text}（${textOf(call, way.title)}）` : text
}
