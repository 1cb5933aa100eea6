import { cpus, totalmem } from 'node:os'

/** The machine in a line: what figures of different runs may be compared by. */
export const machine = (): string => {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.version}`
}
