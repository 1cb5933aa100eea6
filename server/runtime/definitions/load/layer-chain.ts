import type { Finding } from '../model.ts'
import { Cursor } from './cursor.ts'
import { finding } from './doc.ts'
import type { Layer, RawTree } from './layers.ts'
import { nearest } from './nearest.ts'

const CORE = 'core'

/** Layers from the general to the particular: core, the families a family extends, the family, the programme. */
export const layerChain = (tree: RawTree, id: string): { chain: Layer[]; findings: Finding[] } => {
  const findings: Finding[] = []
  const chain: Layer[] = []
  for (let current = tree.layers[id]; current;) {
    chain.unshift(current)
    const manifest = new Cursor(current.manifest)
    const named = [manifest.at('extends'), manifest.at('family')].find((c) => c.exists)
    const parent = named?.string()?.split('@')[0]
    if (!parent) {
      if (current.kind === 'programme') findings.push(finding(manifest.ref, 'family-missing', 'the programme names no family', 'add "extends": "<family>"'))
      break
    }
    const next: Layer | undefined = tree.layers[parent]
    if (!next || next.kind !== 'family') {
      const families = Object.values(tree.layers).filter((l) => l.kind === 'family').map((l) => l.id)
      findings.push(finding(named?.ref ?? manifest.ref, 'family-unknown', `there is no family "${parent}"`, `did you mean "${nearest(parent, families) ?? 'seeds/families/<family>/family.json'}"?`))
      break
    }
    if (chain.includes(next)) {
      findings.push(finding(named?.ref ?? manifest.ref, 'family-cycle', `"${parent}" extends itself`, 'break the circle of "extends"'))
      break
    }
    current = next
  }
  const core = tree.layers[CORE]
  if (core && !chain.includes(core)) chain.unshift(core)
  return { chain, findings }
}
