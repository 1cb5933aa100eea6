export interface Flow { id: string; source: string; target: string }

/** The flows of the path taken: those that are named as done, and those from a done step to a done or current one. */
export const doneFlows = (flows: Flow[], done: string[], at: string[]): string[] => {
  const passed = new Set(done)
  const reached = new Set([...done, ...at])
  const named = flows.filter((flow) => passed.has(flow.id)).map((flow) => flow.id)
  return named.length ? named : flows.filter((flow) => passed.has(flow.source) && reached.has(flow.target)).map((flow) => flow.id)
}
