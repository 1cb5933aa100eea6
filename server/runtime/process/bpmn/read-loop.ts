import type { LoopDef } from '../core/types.ts'
import type { Findings } from './finding.ts'
import { present } from './read-extensions.ts'
import { attributeOf, called, type SourceNode } from './source.ts'
import { CERTFLOW_URI } from './vocabulary.ts'

const textIn = (node: SourceNode, local: string): string | undefined => node.children.find(c => c.local === local)?.text.trim() || undefined

/** Loop characteristics of an activity: several instances, or a standard loop. */
export function readLoop(activity: SourceNode, found: Findings): LoopDef | undefined {
  const [node, second] = activity.children.filter(c => c.local === 'multiInstanceLoopCharacteristics' || c.local === 'standardLoopCharacteristics')
  if (!node) return undefined
  if (second) found.error(second.line, 'bpmn.content', `${called(activity)} has two loop characteristics`, 'keep one; a loop in a loop is a sub-process')
  const { line } = node
  if (node.local === 'standardLoopCharacteristics') {
    const most = attributeOf(node, 'loopMaximum')
    if (most && !/^[1-9]\d*$/.test(most.value)) found.error(most.line, 'bpmn.value', `loopMaximum="${most.value}" of ${called(activity)} is no whole number from 1`, 'write how often it may run at most, e.g. loopMaximum="3"')
    return present({ how: 'standard' as const, while: textIn(node, 'loopCondition'), testBefore: attributeOf(node, 'testBefore')?.value === 'true' ? true : undefined, most: most ? Number(most.value) : undefined, line })
  }
  const at = (name: string): string | undefined => attributeOf(node, name, CERTFLOW_URI)?.value.trim()
  return present({
    how: attributeOf(node, 'isSequential')?.value === 'true' ? 'sequential' as const : 'parallel' as const, each: at('each'), count: textIn(node, 'loopCardinality'),
    until: textIn(node, 'completionCondition'), distinct: at('distinct') === 'true' ? true : undefined, line,
  })
}
