import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type Tree = Record<string, string | object>

/** Writes a tree of definition files into a new temporary directory; objects become indented JSON. */
export const writeTree = async (tree: Tree): Promise<{ root: string; remove: () => Promise<void> }> => {
  const root = await mkdtemp(join(tmpdir(), 'definitions-'))
  for (const [file, content] of Object.entries(tree)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`)
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) }
}
