import type { Clock } from './platform/clock.ts'
import type { Keyring } from './platform/crypto.ts'
import { keepProcesses, keptProcesses } from './known-processes.store.ts'
import type { Ids } from './platform/ids.ts'
import type { Log } from './platform/log.ts'
import type { Random } from './platform/random.ts'
import type { Db } from './data/index.ts'
import type { Actor, Call } from './runtime/context.ts'
import type { Definitions, ProcessSource, ProgrammeDef } from './runtime/definitions/index.ts'
import type { Jobs } from './runtime/jobs/index.ts'
import { createAudit } from './runtime/audit/index.ts'
import { notify } from './runtime/notify/index.ts'
import { compileProcess, parseBpmn } from './runtime/process/bpmn/index.ts'
import { ProcessCatalogue, processHooks, type ProcessRuntime } from './runtime/process/index.ts'
import { Registry, type Engine, type ProcessHooks } from './runtime/records/index.ts'
import { archivedProcess } from './runtime/release/index.ts'
import { cleanRichText } from './runtime/documents/index.ts'

export interface CoreParts { db: Db; clock: Clock; ids: Ids; random: Random; keyring: Keyring; log: Log; jobs: Jobs; definitions: Definitions; zone: string }
/** Records and processes over one set of definitions. */
export interface Core { engine: Engine; processes: ProcessRuntime; registry: Registry; system(programme: string, now?: number): Call; call(actor: Actor): Call; jobs: Jobs; zone: string }

const systemActor = (programme: ProgrammeDef): Actor => ({
  userId: '', account: 'system', name: '系统', role: 'system', roleTitle: '系统', portal: 'platform', orgId: null, orgName: '', programme: programme.id, lang: 'zh', mustChangePassword: false,
})

export async function composeCore(parts: CoreParts): Promise<Core> {
  const registry = new Registry(parts.definitions, parts.db.dialect.name)
  const late: { hooks?: ProcessHooks } = {}
  const hooks: ProcessHooks = {
    isDraft: (...a) => late.hooks!.isDraft(...a), everEditable: (...a) => late.hooks!.everEditable(...a), editable: (...a) => late.hooks!.editable(...a), created: (...a) => late.hooks!.created(...a), changed: (...a) => late.hooks!.changed(...a), removed: (...a) => late.hooks!.removed(...a),
  }
  const audit = createAudit(parts)
  const engine: Engine = {
    db: parts.db, registry, clock: parts.clock, ids: parts.ids, random: parts.random, hooks, sanitise: cleanRichText, audit: (entries) => audit.write(parts.db, entries),
    sealing: { seal: (plain, place) => parts.keyring.encrypt(plain, place), open: (sealed, place) => parts.keyring.decrypt(sealed, place), blind: (kind, value) => parts.keyring.blindIndex(kind, value) },
  }
  const catalogue = new ProcessCatalogue(compileText, (version) => archivedProcess(engine, version))
  const kept = await keptProcesses(parts.db)
  const fresh = await catalogue.load(parts.definitions, kept)
  if (Object.keys(fresh).length > 0) await keepProcesses(parts.db, { ...kept, ...fresh }, parts.clock.now())
  const system = (programme: string, now = parts.clock.now()): Call => {
    const def = registry.programme(programme)
    return { actor: systemActor(def), programme: def, now, zone: parts.zone }
  }
  const processes: ProcessRuntime = {
    engine, catalogue, systemCall: system,
    enqueue: (type, payload, options) => parts.jobs.enqueue(type, payload as never, options),
    notify: async ({ call, to, channels, title, body, entity, record, key }) => {
      await notify(engine, call.now, { users: to.users, orgs: to.roles.flatMap((r) => r.org ?? []), addresses: to.addresses, channels, title, body, entity, record, key })
    },
  }
  late.hooks = processHooks(processes)
  return { engine, processes, registry, system, jobs: parts.jobs, zone: parts.zone, call: (actor) => ({ actor, programme: registry.programme(actor.programme), now: parts.clock.now(), zone: parts.zone }) }
}

async function compileText(xml: string, file: string, called: ProcessSource['called'] = {}) {
  const whole = async (text: string, name: string) => {
    const parsed = await parseBpmn(text, name)
    if (!parsed.process) throw new Error(parsed.findings.map((f) => `${f.file}:${f.line}: ${f.message}`).join('\n'))
    return { ...parsed, process: parsed.process }
  }
  const main = await whole(xml, file)
  const others = new Map(await Promise.all(Object.entries(called).map(async ([name, c]) => [name, (await whole(c.xml, c.file)).process] as const)))
  return compileProcess(main.process, { resolve: (name) => main.others[name] ?? others.get(name) })
}
