import { Readable } from 'node:stream'
import { join } from 'node:path'
import type { Services } from './services.ts'
import type { House } from './house.ts'
import { programmesOf, sessionServices } from './compose-session.ts'
import { cryptoRandom } from './platform/random.ts'
import { createAudit, publishToFile, type Audit } from './runtime/audit/index.ts'
import type { Actor, Result } from './runtime/context.ts'
import type { EntityDef } from './runtime/definitions/index.ts'
import { askLookup, publicLookups } from './runtime/lookups/index.ts'
import { factsFor } from './runtime/records/index.ts'
import { begin, draw, show, state, type SignatureParts } from './runtime/signatures/index.ts'
import { countExport, describeImport, importRecords, importTemplate, previewImport, startExport, startImport } from './runtime/transfer/index.ts'
import { actOn, removeRecords } from './runtime/views/act-on.ts'
import { apiServices } from './runtime/views/api-services.ts'
import { viewDashboard } from './runtime/views/dashboard.ts'
import { previewDocument, startDocument } from './runtime/views/documents.ts'
import { viewForm } from './runtime/views/form.ts'
import { getFile } from './runtime/views/get-file.ts'
import { checkHealth, type Check } from './runtime/views/health.ts'
import { cancelJob, viewJob, viewJobs } from './runtime/views/jobs.ts'
import { viewList } from './runtime/views/list.ts'
import { countUnread, listNotifications, readNotifications } from './runtime/views/notifications.ts'
import { entityOf, notFound, page, refused, type ViewParts } from './runtime/views/parts.ts'
import { pressJob } from './runtime/views/press-job.ts'
import { putFile } from './runtime/views/put-file.ts'
import { viewRecord } from './runtime/views/record.ts'
import { findReferences } from './runtime/views/references.ts'
import { listRegions } from './runtime/views/regions.ts'
import { reportFile } from './runtime/views/report-file.ts'
import { viewReport } from './runtime/views/reports.ts'
import { saveRecord } from './runtime/views/save-record.ts'
import { searchRecords } from './runtime/views/search.ts'
import { viewShell } from './runtime/views/shell.ts'
import { actOnIncidents, viewIncidents } from './runtime/views/incidents.ts'
import { viewTasks } from './runtime/views/tasks.ts'

export interface ComposeOptions { listTimeoutMs?: number; /** what the process knows of itself */ checks?: () => Promise<Check[]> | Check[]; audit?: Audit }

/** somebody who has signed in but not done all of it may finish that and nothing else */
const isLimited = (actor: Actor): boolean => actor.mustChangePassword || actor.secondFactor !== undefined
const firstOf = (actor: Actor): Extract<Result<object>, { ok: false }> | null =>
  (actor.secondFactor ? refused('SECOND_FACTOR', '请先完成两步验证', 403) : actor.mustChangePassword ? refused('PASSWORD_CHANGE', '请先修改初始密码', 403) : null)
const EMPTY_SHELL: Awaited<ReturnType<Services['shell']>> = { portalTitle: '', programmeTitle: '', programmes: [], menu: [], tasks: 0, notifications: 0, zone: 'Asia/Shanghai' }

export const auditOf = (house: House): Audit =>
  createAudit({ db: house.db, clock: house.options.clock, keyring: house.keyring, log: house.options.log, publish: publishToFile(join(house.options.varDir, 'audit', 'heads.jsonl')) })

const partsOf = (house: House, options: ComposeOptions): ViewParts => ({
  core: house.core, jobs: house.jobs, files: house.files, documents: house.documents, publicUrl: house.options.publicUrl ?? '', listTimeoutMs: options.listTimeoutMs ?? 2_000,
  operation: async (id, input, call) => (await house.operations.run(id, [{ key: `${id}/${house.core.engine.ids.next()}`, input }], call))[0]!,
})

const made = new WeakMap<House, Services>()
/** The services of one house: rights, language and masks of the caller are in every answer. One object per house. */
export function composeServices(house: House, options: ComposeOptions = {}): Services {
  let services = made.get(house)
  if (!services) made.set(house, (services = compose(house, options)))
  return services
}

function compose(house: House, options: ComposeOptions): Services {
  const parts = partsOf(house, options)
  const audit = options.audit ?? auditOf(house)
  const signatures: SignatureParts = { processes: house.core.processes, files: house.files, random: house.options.random ?? cryptoRandom, publicUrl: parts.publicUrl, audit }
  house.jobs.declare(pressJob(() => ({ views: parts, signatures })))
  const now = (): number => house.options.clock.now()
  const call = (actor: Actor) => house.core.call(actor)
  const of = (actor: Actor, entity: string): EntityDef | null => entityOf(parts, call(actor), entity)
  const free = <T>(actor: Actor, run: () => Promise<Result<T>>): Promise<Result<T>> => { const first = firstOf(actor); return first ? Promise.resolve(first) : run() }
  const onEntity = <T>(actor: Actor, entity: string, run: (def: EntityDef) => Promise<Result<T>> | Result<T>): Promise<Result<T>> => free(actor, async () => { const def = of(actor, entity); return def ? run(def) : notFound() })
  return {
    session: sessionServices(house, audit),
    shell: (actor) => (isLimited(actor) ? Promise.resolve(EMPTY_SHELL) : viewShell(parts, actor, (a) => countUnread(parts, a), (a) => programmesOf(house, a.userId))),
    dashboard: (actor) => (isLimited(actor) ? Promise.resolve({ tasks: { items: [], total: 0 }, figures: [], timeline: [], charts: [] }) : viewDashboard(parts, actor)),
    list: (actor, entity, list, query) => free(actor, () => viewList(parts, actor, entity, list, query)),
    record: (actor, entity, id) => free(actor, () => viewRecord(parts, actor, entity, id)),
    form: (actor, target) => free(actor, () => viewForm(parts, actor, target)),
    formRefresh: (actor, target, data) => free(actor, () => viewForm(parts, actor, target, data)),
    references: (actor, ask) => free(actor, () => findReferences(parts, actor, ask)),
    save: (actor, input) => free(actor, () => saveRecord(parts, actor, input)),
    act: (actor, entity, input) => free(actor, () => actOn(parts, actor, entity, input, signatures)),
    remove: (actor, entity, ids) => free(actor, () => removeRecords(parts, actor, entity, ids)),
    tasks: (actor, query) => (isLimited(actor) ? Promise.resolve({ items: [], total: 0 }) : viewTasks(parts, actor, query)),
    incidents: { list: (actor, query) => free(actor, () => viewIncidents(parts, actor, query)), act: (actor, input) => free(actor, () => actOnIncidents(parts, actor, input)) },
    imports: {
      describe: (actor, entity, id) => onEntity(actor, entity, (def) => describeImport(call(actor), def, id)),
      template: (actor, entity, id) => onEntity(actor, entity, async (def) => {
        const r = await importTemplate(call(actor), def, id)
        return r.ok ? { ok: true, file: { id: '', name: r.file.name, mime: r.file.mime, bytes: r.file.bytes.length, open: async () => Readable.from([r.file.bytes]) } } : r
      }),
      preview: (actor, entity, id, input) => onEntity(actor, entity, (def) => previewImport(house, call(actor), def, id, input)),
      start: (actor, entity, id, input) => onEntity(actor, entity, async (def) => { const r = await startImport(house, call(actor), def, id, input); return r.ok ? { ok: true, job: r.job } : r }),
      records: (actor, entity, query) => free(actor, async () => {
        const def = entity === undefined ? undefined : of(actor, entity)
        if (def === null) return notFound()
        const { page: at, size } = page(query)
        return { ok: true, ...(await importRecords(house, call(actor), def, { page: at, size })) }
      }),
    },
    exports: {
      start: (actor, entity, id, input) => onEntity(actor, entity, async (def) => { const r = await startExport(house, call(actor), def, id, input); return r.ok ? { ok: true, job: r.job, count: r.count } : r }),
      count: (actor, entity, id, input) => onEntity(actor, entity, (def) => countExport(house, call(actor), def, id, input)),
    },
    documents: {
      start: (actor, entity, id, input) => free(actor, () => startDocument(parts, actor, entity, id, input)),
      preview: (actor, entity, id, record) => free(actor, () => previewDocument(parts, actor, entity, id, record)),
    },
    reports: (actor, entity, id, query) => free(actor, () => viewReport(parts, actor, entity, id, query)),
    reportFile: (actor, entity, id, query) => free(actor, () => reportFile(parts, actor, entity, id, query)),
    jobs: { get: (actor, id) => free(actor, () => viewJob(parts, actor, id)), list: (actor, query) => (isLimited(actor) ? Promise.resolve({ items: [], total: 0 }) : viewJobs(parts, actor, query)), cancel: (actor, id) => free(actor, () => cancelJob(parts, actor, id)) },
    files: { put: (actor, meta, body) => free(actor, () => putFile(parts, actor, meta, body)), get: (actor, id) => free(actor, () => getFile(parts, house, actor, id)) },
    signatures: {
      begin: (actor, input) => onEntity(actor, input.entity, (def) => begin(signatures, call(actor), def, input.button, input.ids)),
      show: (code) => show(signatures, code, now()),
      draw: (code, png, address) => draw(signatures, code, png, address, now()),
      state: (actor, code) => free(actor, () => state(signatures, call(actor), code)),
    },
    regions: () => listRegions(parts),
    search: (actor, text) => (isLimited(actor) ? Promise.resolve([]) : searchRecords(parts, actor, text)),
    api: apiServices(parts, house.options.random ?? cryptoRandom),
    lookups: lookupsOf(house, audit),
    notifications: { list: (actor) => (isLimited(actor) ? Promise.resolve([]) : listNotifications(parts, actor)), read: (actor, ids) => (isLimited(actor) ? Promise.resolve() : readNotifications(parts, actor, ids)) },
    health: () => checkHealth(parts, options.checks ?? (() => [])),
  }
}

/** Public look-ups of every programme; one that several programmes share is asked in each until it is found. */
function lookupsOf(house: House, audit: Audit): Services['lookups'] {
  const { core } = house
  return {
    async list(lang) {
      const all = core.registry.programmes().flatMap((p) => publicLookups(p, factsFor(core.engine, core.system(p.id)), lang))
      return [...new Map(all.map((l) => [`${l.entity}.${l.id}`, l])).values()]
    },
    async ask(input) {
      let answer: Awaited<ReturnType<Services['lookups']['ask']>> = notFound()
      for (const p of core.registry.programmes()) {
        const def = core.registry.findEntity(p.id, input.entity)
        if (!def || !Object.hasOwn(def.form.lookups, input.id)) continue
        answer = await askLookup({ core, audit }, p, def, input.id, input.keys, { address: input.address, lang: input.lang })
        if (answer.ok || answer.code === 'THROTTLED') return answer
      }
      return answer
    },
  }
}
