import { FeelError } from '../errors.ts'
import { parse } from '../syntax/parse.ts'
import type { CompileOptions, ModelEntity, ModelProperty } from '../types.ts'
import { check } from './check.ts'
import type { Ir } from './ir.ts'
import { ANY } from './types.ts'

export interface Compute { ir: Ir; usesClock: boolean; slots: number; error: FeelError | null }
const known = new WeakMap<object, Map<ModelProperty, Compute | 'open'>>()

/** The tree of a read-time compute, in the names of its own entity; kept per model. null while it is being compiled (a cycle). */
export const computeOf = (options: CompileOptions, entity: ModelEntity, def: ModelProperty): Compute | null => {
  if (def.compute === undefined) return null
  const ofModel = known.get(options.model) ?? new Map<ModelProperty, Compute | 'open'>()
  known.set(options.model, ofModel)
  const found = ofModel.get(def)
  if (found === 'open') return null
  if (found) return found
  ofModel.set(def, 'open')
  try {
    const made = compile(options, entity, def.compute)
    ofModel.set(def, made)
    return made
  } catch (error) {
    ofModel.delete(def)
    throw error
  }
}

const compile = (options: CompileOptions, entity: ModelEntity, text: string): Compute => {
  const names = { program: options.names.program ?? ANY, user: options.names.user ?? ANY }
  try {
    const { ir, job } = check(text, parse(text), { model: options.model, names, self: entity.name })
    return { ir, usesClock: job.usesClock, slots: job.slots, error: job.problems.length > 0 ? new FeelError(text, job.problems) : null }
  } catch (error) {
    if (!(error instanceof FeelError)) throw error
    return { ir: { k: 'const', value: null, type: { kind: 'any' }, from: 0, to: 0, src: text }, usesClock: false, slots: 0, error }
  }
}

/** A state that moves by itself: its text, or one it is computed from, reads the clock. */
export const computeUsesClock = (options: CompileOptions, entity: ModelEntity, def: ModelProperty): boolean => computeOf(options, entity, def)?.usesClock ?? false
