import type { CompileOptions, Expression, FeelKind, FeelProblem, FeelType, Model } from '../../expressions/types.ts'
import type { CompiledProcess } from '../../process/core/types.ts'
import type { FindingCode } from '../codes.ts'
import { findEntity } from '../entities.ts'
import { ANY, entityType, programType } from '../feel/types.ts'
import { feelModel } from '../feel/feel-model.ts'
import { finding, locate } from '../load/doc.ts'
import { suggest } from '../load/nearest.ts'
import type { Dict, EntityDef, Finding, JsonObject, ProgrammeDef, SourceRef, TemplateDef } from '../model.ts'
import { findPath, isTarget } from '../paths.ts'
import type { PathTarget } from '../paths.ts'
import type { Artefact, Sources } from '../resolve/sources.ts'
import { USER } from '../system-properties.ts'
import { strangeCodes } from './check-choices.ts'

export type Compile = (text: string, options: CompileOptions) => Expression
export interface OperationContract { id: string; input?: JsonObject; output?: JsonObject }
export interface LintOptions {
  compile: Compile
  sources?: Sources
  /** compiled processes; without it process expressions are not looked at */
  process?: (programme: ProgrammeDef, id: string) => CompiledProcess | undefined
  operations?: Dict<OperationContract>
  /** a role's conditions written out for an entity's paths (access/rowConditions): they must run in the database */
  rowConditions?: (programme: ProgrammeDef, entity: EntityDef, role: string) => string[] | null
  /** what the document engine says of a template */
  checkTemplate?: (template: TemplateDef) => Finding[]
}
/** A JSON pointer into an artefact; "#7" = line 7 of a file that is not JSON. */
export interface Place { artefact: Artefact; pointer: string }
export interface FeelPlace extends Place { names?: Dict<FeelType>; self?: string; sql?: boolean; expect?: FeelKind; /** a measure over the rows of a group */ measure?: boolean; /** names that are rows of the query, "" = own fields */ queryRows?: string[] }

const problemsOf = (error: unknown): FeelProblem[] | undefined => {
  const problems = error instanceof Error && 'problems' in error ? error.problems : undefined
  return Array.isArray(problems) ? (problems as FeelProblem[]) : undefined
}

/** One programme under lint: where things stand, what FEEL knows, and the findings so far. */
export class LintContext {
  readonly findings: Finding[] = []
  readonly model: Model
  readonly everywhere: Dict<FeelType>
  private readonly seen = new Map<string, Expression | null>()

  constructor(readonly programme: ProgrammeDef, readonly options: LintOptions) {
    this.model = feelModel(programme, 'sqlite')
    this.everywhere = { user: entityType(programme, USER), program: programType(programme) }
  }

  ref({ artefact, pointer }: Place): SourceRef {
    const line = /^#(\d+)/.exec(pointer)
    if (line && artefact.startsWith('file:')) return { file: artefact.slice('file:'.length), line: Number(line[1]) }
    const doc = this.options.sources?.get(this.programme.id, artefact) ?? this.options.sources?.get('', artefact)
    return doc ? locate(doc, pointer) : { file: artefact.replace(/^(schema|form):(.*)$/, 'forms/$2/$1.json'), line: 1 }
  }
  report(place: Place | SourceRef, code: FindingCode, message: string, fix: string, level: Finding['level'] = 'error'): void {
    this.findings.push(finding('artefact' in place ? this.ref(place) : place, code, message, fix, level))
  }
  entity(name: string): EntityDef | undefined { return findEntity(this.programme, name) }

  /** Reports a path that leads nowhere. */
  path(entity: EntityDef, path: string, place: Place): PathTarget | undefined {
    const found = findPath(this.programme, entity, path)
    if (isTarget(found)) return found
    this.report(place, 'path-unknown', `"${path}": ${found.within} has no "${found.missing}"`, suggest(found.missing, found.known))
    return undefined
  }

  /** Compiles a text in its place; mistakes become findings. Undefined when it is not valid there. */
  feel(text: string | undefined, place: FeelPlace): Expression | undefined {
    if (text === undefined) return undefined
    const at = this.ref(place)
    const key = `${at.file}:${at.line}:${place.pointer}:${text}`
    const known = this.seen.get(key)
    if (known !== undefined) return known ?? undefined
    const say = (problem: FeelProblem, code: FindingCode): void => this.report(at, code, `${problem.message} (in ${shorten(text)}, at ${problem.line}:${problem.column})`, problem.fix)
    try {
      const expression = this.options.compile(text, { model: this.model, names: { ...this.everywhere, ...place.names }, ...(place.self === undefined ? {} : { self: place.self }), ...(place.expect === undefined ? {} : { expect: place.expect }), ...(place.measure ? { measure: true } : {}), ...(place.queryRows ? { queryRows: place.queryRows } : {}) })
      if (place.sql && expression.notSqlable) say(expression.notSqlable, 'feel-not-sql')
      this.seen.set(key, expression)
      const self = place.self === undefined ? undefined : this.entity(place.self)
      if (self) for (const { path, code: value, codes } of strangeCodes(this, self, text)) this.report(at, 'feel', `"${path}" is never "${value}" (in ${shorten(text)})`, suggest(value, codes), 'warning')
      return expression
    } catch (error) {
      const problems = problemsOf(error)
      if (!problems) throw error
      for (const problem of problems) say(problem, 'feel')
      this.seen.set(key, null)
      return undefined
    }
  }

  knowsRole(name: string, place: Place): void {
    if (!Object.hasOwn(this.programme.roles, name)) this.report(place, 'role-unknown', `there is no role "${name}"`, suggest(name, Object.keys(this.programme.roles)))
  }
  knowsPolicy(name: string | undefined, place: Place): void {
    if (name !== undefined && !Object.hasOwn(this.programme.policies, name)) this.report(place, 'policy-unknown', `there is no policy "${name}"`, suggest(name, Object.keys(this.programme.policies)))
  }
  /** the type of the rows of a list expression */
  rowsOf(expression: Expression | undefined): FeelType {
    return expression?.type.kind === 'list' ? expression.type.of : ANY
  }
  entityOf(type: FeelType): EntityDef | undefined { return type.kind === 'entity' ? this.entity(type.entity) : undefined }
}

const shorten = (text: string): string => (text.length > 90 ? `${text.slice(0, 87)}…` : text)
