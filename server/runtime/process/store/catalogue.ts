import type { Definitions, EntityDef, ProcessSource, ProgrammeDef } from '#server/runtime/definitions/model.ts'
import { declareVariables } from '#server/runtime/records/index.ts'
import type { CompiledProcess } from '../core/index.ts'

export interface VersionedProcess { id: string; version: string; compiled: CompiledProcess; xml: string }
/** Compiled processes by the hash of their texts; plain data, so that they can be kept. */
export type ReadyProcesses = Record<string, CompiledProcess>
/** `called`: the texts of call activities by `calledElement` */
export type CompileProcess = (xml: string, file: string, called?: ProcessSource['called']) => Promise<CompiledProcess>

/** Compiled processes by programme and id, and old versions that instances still run. */
export class ProcessCatalogue {
  private readonly current = new Map<string, VersionedProcess>()
  private definitions: Definitions | undefined
  private readonly byVersion = new Map<string, VersionedProcess>()
  constructor(private readonly compile: CompileProcess, private readonly archived: (version: string) => Promise<Pick<ProcessSource, 'id' | 'xml' | 'called'> | null>) {}

  /** `ready`: what was compiled before, by the hash of its text. Answers what had to be compiled now. */
  async load(definitions: Definitions, ready: ReadyProcesses = {}): Promise<ReadyProcesses> {
    this.definitions = definitions
    const fresh: ReadyProcesses = {}
    const compiledOf = async (source: ProcessSource): Promise<CompiledProcess> => ready[source.hash] ?? (fresh[source.hash] = await this.compile(source.xml, source.file, source.called))
    for (const p of Object.values(definitions.programmes)) {
      for (const source of Object.values(p.processes)) {
        let v = this.byVersion.get(source.hash)
        if (!v) this.byVersion.set(source.hash, (v = { id: source.id, version: source.hash, compiled: await compiledOf(source), xml: source.xml }))
        this.current.set(`${p.id}/${source.id}`, v)
      }
    }
    for (const v of this.all()) this.declare(v)
    return fresh
  }
  /** What the version maps to variables is known to the expressions of the entities that it governs. */
  private declare(v: VersionedProcess): void {
    const names = [...new Set(Object.values(v.compiled.elements).flatMap((e) => e.outputs.map((o) => o.name)))]
    if (names.length === 0) return
    for (const p of Object.values(this.definitions?.programmes ?? {}))
      for (const def of new Set(Object.values(p.entities))) if (this.of(p, def)?.id === v.id) declareVariables(def, names)
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
    this.declare(v)
    return v
  }
  all(): VersionedProcess[] { return [...new Set(this.current.values())] }
}
