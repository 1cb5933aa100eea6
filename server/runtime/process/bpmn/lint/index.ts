import type { Finding } from '#server/runtime/definitions/model.ts'
import type { CompiledProcess } from '../../core/types.ts'
import { findingsOf } from '../finding.ts'
import { lintBehaviour } from './behaviour.ts'
import type { Lint, LintContext } from './context.ts'
import { lintCompensation } from './compensation.ts'
import { lintDiagram } from './diagram.ts'
import { lintChoices, lintEffectPlaces } from './flows.ts'
import { lintLoops } from './loops.ts'
import { lintDuties } from './duties.ts'
import { lintMoves } from './moves.ts'
import { lintNames } from './names.ts'
import { lintEscalations, lintLinks, lintReceivers } from './throws.ts'
import { lintEnds, lintErrors, lintReachable, lintStarts } from './structure.ts'
import { lintOutcomesRead, lintOutputUse, lintTasks } from './tasks.ts'

export type { LintContext } from './context.ts'

const RULES = [lintStarts, lintReachable, lintEnds, lintErrors, lintLinks, lintEscalations, lintReceivers, lintChoices, lintEffectPlaces, lintTasks, lintMoves, lintDuties, lintLoops, lintCompensation, lintOutputUse, lintOutcomesRead, lintNames, lintDiagram]

/** Everything wrong with a process that its XML alone does not show; by line. FEEL texts are resolved elsewhere (`expressions`). */
export function lintProcess(process: CompiledProcess, context: LintContext = {}): Finding[] {
  const found = findingsOf(process.file)
  const lint: Lint = { process, context, found, elements: Object.values(process.elements), flows: Object.values(process.flows) }
  for (const rule of RULES) rule(lint)
  // Running it needs a process whose parts fit together.
  if (!found.list.some(f => RUNNABLE.has(f.code))) lintBehaviour(lint)
  return found.list.sort((a, b) => a.line - b.line)
}

const RUNNABLE = new Set(['process.noStart', 'process.starts', 'process.called', 'process.boundary', 'process.beforeStart', 'process.eventGateway', 'process.link'])
