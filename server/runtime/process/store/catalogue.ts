import type { Definitions, EntityDef, ProcessSource, ProgrammeDef } from '#server/runtime/definitions/model.ts'
import type { CompiledProcess } from '../core/index.ts'

export interface VersionedProcess { id: string; version: string; compiled: CompiledProcess; xml: string }
/** Compiled processes by the hash of their texts; plain data, so that they can be kept. */
export type ReadyProcesses = Record<string, CompiledProcess>
/** `called`: the texts of call activities by `calledElement` */
export type CompileProcess = (xml: string, file: string, called?: ProcessSource['called']) => Promise<CompiledProcess>

/** Compiled processes by programme and id, and old versions that instances still run. */
export class ProcessCatalogue {
  private readonly current = new Map<string, VersionedProcess>()
  private readonly byVersion = new Map<string, VersionedProcess>()
  constructor(private readonly compile: CompileProcess, private readonly archived: (version: string) => Promise<Pick<ProcessSource, 'id' | 'xml' | 'called'> | null>) {}

  /** `ready`: what was compiled before, by the hash of its text. Answers what had to be compiled now. */
  async load(definitions: Definitions, ready: ReadyProcesses = {}): Promise<ReadyProcesses> {
    const fresh: ReadyProcesses = {}
    const compiledOf = async (source: ProcessSource): Promise<CompiledProcess> => ready[source.hash] ?? (fresh[source.hash] = await this.compile(source.xml, source.file, source.called))
    for (const p of Object.values(definitions.programmes)) {
      for (const source of Object.values(p.processes)) {
        let v = this.byVersion.get(source.hash)
        if (!v) this.byVersion.set(source.hash, (v = { id: source.id, version: source.hash, compiled: await compiledOf(source), xml: source.xml }))
        this.current.set(`${p.id}/${source.id}`, v)
      }
    }
    return fresh
  }
  /** The process that governs an entity in a programme; undefined = it has none. */
  of(programme: ProgrammeDef, def: EntityDef): VersionedProcess | undefined {
    return def.form.process ? (this.current.get(`${programme.id}/${def.form.process}`) ?? this.current.get(`${programme.id}/${programme.processes[def.form.process]?.id ?? ''}`)) : undefined
  }
  /** What is at hand without asking the archive. */
  known(version: string): VersionedProcess | undefined { return this.byVersion.get(version) }
  async version(version: string): Promise<VersionedProcess> {
    const found = await this.find(version)
    if (!found) throw new Error(`process version ${version} is neither published nor archived`)
    return found
  }
  async find(version: string): Promise<VersionedProcess | null> {
    const known = this.byVersion.get(version)
    if (known) return known
    const old = await this.archived(version)
    if (!old) return null
    const v = { id: old.id, version, compiled: await this.compile(old.xml, `${old.id}@${version}`, old.called), xml: old.xml }
    this.byVersion.set(version, v)
    return v
  }
  all(): VersionedProcess[] { return [...new Set(this.current.values())] }
}
