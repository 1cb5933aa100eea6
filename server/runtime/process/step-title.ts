import type { CompiledProcess } from './core/index.ts'

/** What people call a step: the name of the element, or of the one its flow leads to; nothing where none was given. */
export const titled = ({ elements, flows }: Pick<CompiledProcess, 'elements' | 'flows'>, id: string): { title?: string } => {
  const title = elements[id]?.name || elements[flows[id]?.target ?? '']?.name
  return title ? { title } : {}
}
