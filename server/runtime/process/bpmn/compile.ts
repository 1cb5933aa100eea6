import { buildIndex } from '../core/indexes.ts'
import type { CompiledProcess } from '../core/types.ts'
import { expressionsOf } from './expressions.ts'
import type { ProcessGraph } from './graph.ts'
import { inlineCalls, type Resolve } from './inline.ts'

export interface CompileOptions {
  /** a call activity's `calledElement` -> its process (programme first, then family); absent: call activities stay and lint refuses them */
  resolve?: Resolve
}

/**
 * Graph -> immutable, flat process with look-ups; plain JSON. Called processes are put in as sub-processes: their
 * elements are named `<call activity>/<element>`.
 */
export function compileProcess(graph: ProcessGraph, options: CompileOptions = {}): CompiledProcess {
  const { elements, flows } = options.resolve ? inlineCalls(graph, options.resolve) : graph
  return { id: graph.id, name: graph.name, file: graph.file, drawn: graph.drawn, ...(graph.moves ? { moves: graph.moves } : {}), elements, flows, expressions: expressionsOf(graph), index: buildIndex({ elements, flows }) }
}
