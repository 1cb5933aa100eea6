export interface Region { code: string; name: string; parent: string | null }
export interface RegionNode { value: string; label: string; children?: RegionNode[] }

/** A flat list (parents first) as a tree. */
export const toRegionTree = (regions: Region[]): RegionNode[] => {
  const nodes = new Map<string, RegionNode>()
  const roots: RegionNode[] = []
  for (const region of regions) {
    const node: RegionNode = { value: region.code, label: region.name }
    nodes.set(region.code, node)
    const parent = region.parent === null ? undefined : nodes.get(region.parent)
    if (parent) (parent.children ??= []).push(node)
    else roots.push(node)
  }
  return roots
}

/** The codes from the root down to a region; empty when it is unknown. */
export const regionPath = (regions: Region[], code: string | undefined): string[] => {
  const byCode = new Map(regions.map((region) => [region.code, region]))
  const path: string[] = []
  for (let at = code === undefined ? undefined : byCode.get(code); at && !path.includes(at.code); at = at.parent === null ? undefined : byCode.get(at.parent)) path.unshift(at.code)
  return path
}
