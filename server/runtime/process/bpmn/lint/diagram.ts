import type { Lint } from './context.ts'

/** A process without a diagram runs, but people cannot see it. */
export function lintDiagram({ process, elements, flows, found }: Lint): void {
  const drawn = new Set(process.drawn)
  const missing = [...elements, ...flows].filter(x => !drawn.has(x.id) && !x.id.includes('/'))
  if (missing.length === 0) return
  if (drawn.size === 0) found.warn(1, 'diagram.missing', 'the file has no diagram (BPMN DI): tools and the process picture show nothing', 'open it in Studio or another BPMN tool, lay it out and save')
  else found.warn(missing[0]?.line ?? 1, 'diagram.incomplete', `the diagram does not draw ${missing.slice(0, 5).map(m => m.id).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}`, 'draw them, or delete them from the process')
}
