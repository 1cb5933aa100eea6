import { holdsFor, outcomesNamed } from './outcome-test.ts'
import type { CompiledProcess, ElementInfo, FlowInfo } from './types.ts'

/** Places of one level (elements and flows by id) -> the places at which a token may stand at the same time. */
export type Beside = ReadonlyMap<string, ReadonlySet<string>>

interface Level { elements: ElementInfo[]; out: (id: string) => FlowInfo[]; join: (id: string) => string[] | null; process: CompiledProcess }

const isGateway = (el: ElementInfo): boolean => el.type.endsWith('Gateway')

/** Two flows of which never both are taken: the default and another, or conditions that no one outcome meets. */
function excludes(source: ElementInfo, a: FlowInfo, b: FlowInfo): boolean {
  if (source.type === 'exclusiveGateway' || source.type === 'eventBasedGateway') return true
  if (source.type === 'parallelGateway') return false
  const [one, other] = [a.condition, b.condition]
  if (a.isDefault) return other !== undefined
  if (b.isDefault) return one !== undefined
  if (one === undefined || other === undefined) return false
  const named = [...outcomesNamed(one), ...outcomesNamed(other)]
  return named.length > 0 && ['', ...named].every(o => holdsFor(one, o) === false || holdsFor(other, o) === false)
}

function levelOf(process: CompiledProcess, scope: string | undefined): Level {
  const flows = (ids: string[] | undefined): FlowInfo[] => (ids ?? []).map(id => process.flows[id]).filter(f => f !== undefined)
  return {
    process, elements: Object.values(process.elements).filter(e => e.scope === scope),
    out: id => flows(process.index.outgoing[id]),
    join: id => {
      const el = process.elements[id]
      const incoming = process.index.incoming[id] ?? []
      return incoming.length > 1 && (el?.type === 'parallelGateway' || el?.type === 'inclusiveGateway') ? incoming : null
    },
  }
}

/** Ways on from an element, each by itself. */
function exits(level: Level, id: string): string[] {
  const { boundaries, links } = level.process.index
  const events = (boundaries[id] ?? []).filter(b => level.process.elements[b]?.event !== 'compensate')
  return [...level.out(id).map(f => f.id), ...events, ...(links[id] === undefined ? [] : [links[id]])]
}

/**
 * What may stand beside what on one level: grown from every split, over all ways on; behind a join stands beside x only
 * what stood beside x on all its ways in (Kovalyov and Esparza 1996, exact for sound free-choice nets).
 */
export function besideIn(process: CompiledProcess, scope: string | undefined): Beside {
  const level = levelOf(process, scope)
  const found = new Map<string, Set<string>>()
  const open: [string, string][] = []
  const add = (a: string, b: string): void => {
    for (const [x, y] of [[a, b], [b, a]] as const) {
      const set = found.get(x) ?? new Set<string>()
      found.set(x, set)
      if (set.has(y)) continue
      set.add(y)
      open.push([x, y])
    }
  }
  for (const el of level.elements) {
    const outs = level.out(el.id)
    outs.forEach((a, i) => { for (const b of outs.slice(i + 1)) if (!excludes(el, a, b)) add(a.id, b.id) })
    if (isGateway(el)) continue
    for (const b of process.index.boundaries[el.id] ?? []) if (process.elements[b]?.interrupting === false && process.elements[b].event !== 'compensate') add(el.id, b)
  }
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [x, y] = pair
    const target = process.flows[y]?.target
    if (target === undefined) { for (const next of exits(level, y)) add(x, next); continue }
    const ways = level.join(target)
    if (!ways || ways.every(w => found.get(w)?.has(x))) add(x, target)
  }
  return found
}

const known = new WeakMap<CompiledProcess, Map<string, Beside>>()
/** The same, kept for the process. */
export function beside(process: CompiledProcess, scope: string | undefined): Beside {
  const levels = known.get(process) ?? new Map<string, Beside>()
  known.set(process, levels)
  let level = levels.get(scope ?? '')
  if (!level) levels.set(scope ?? '', (level = besideIn(process, scope)))
  return level
}
