import type { Span } from '../errors.ts'
import { problemAt } from '../errors.ts'
import type { CompileOptions, FeelProblem, FeelType, Read } from '../types.ts'
import { ANY } from './types.ts'
import type { Ir, Origin } from './ir.ts'

export interface Local { slot: number; type: FeelType; origin?: Origin }
/** What one place of the text sees; the text differs inside an inlined rule. */
export interface Env {
  text: string
  /** set inside an inlined rule: where it was called and what it is called */
  site?: { span: Span; rule: string; text: string }
  locals: ReadonlyMap<string, Local>
  args?: ReadonlyMap<string, Local>
  self: string | undefined
  names: Readonly<Record<string, FeelType>>
  inFilter: boolean
}
/** What one compilation gathers. */
export interface Job {
  options: CompileOptions
  problems: FeelProblem[]
  reads: Map<string, Read>
  usesClock: boolean
  slots: number
  rules: string[]
  nodes: number
}

const MAX_NODES = 5_000

export const newJob = (options: CompileOptions): Job => ({ options, problems: [], reads: new Map(), usesClock: false, slots: 0, rules: [], nodes: 0 })

export const problem = (job: Job, env: Env, span: Span, message: string, fix: string): void => {
  const at = env.site ? { span: env.site.span, prefix: `In rules.${env.site.rule}, at ${quote(env.text.slice(span.from, span.to))}: ` } : { span, prefix: '' }
  const found = problemAt(env.site?.text ?? env.text, at.span, at.prefix + message, fix)
  if (!job.problems.some((p) => p.from === found.from && p.message === found.message)) job.problems.push(found)
}
export const quote = (text: string): string => `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``

type Body = Ir extends infer T ? (T extends Ir ? Omit<T, 'from' | 'to' | 'src'> : never) : never
/** A node at a place of the text; inside a rule it stands at the place of the call. */
export const node = (job: Job, env: Env, span: Span, body: Body): Ir => {
  if (++job.nodes === MAX_NODES) problem(job, env, span, `The expression grows beyond ${MAX_NODES} steps once its rules are put in.`, 'Make the rules smaller.')
  const at = env.site?.span ?? span
  return { ...body, from: at.from, to: at.to, src: env.text.slice(span.from, span.to) } as Ir
}
/** Stands where a problem was found, so that checking goes on. */
export const unknown = (job: Job, env: Env, span: Span): Ir => node(job, env, span, { k: 'const', value: null, type: ANY })

export const read = (job: Job, origin: Origin | undefined): void => {
  if (origin) job.reads.set(`${origin.root}/${origin.entity ?? ''}/${origin.path.join('.')}`, { root: origin.root, path: origin.path, ...(origin.entity ? { entity: origin.entity } : {}) })
}
export const bind = (env: Env, name: string, local: Local): Env => ({ ...env, locals: new Map([...env.locals, [name, local]]) })
