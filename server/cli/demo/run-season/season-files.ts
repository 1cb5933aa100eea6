import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'

const Index = z.object({
  candidates: z.number().int(), seed: z.number().int(),
  files: z.record(z.string(), z.object({ name: z.string(), good: z.number().int(), bad: z.number().int() }).strict()),
}).strict()

/** The files of a season as people would have them on their computers, by the step that uploads them, with what must become of them. */
export type SeasonFiles = z.infer<typeof Index> & { dir: string }

const INDEX = 'files.json'

/** The files that are kept beside a season; null when it has none. */
export async function readSeasonFiles(dir: string): Promise<SeasonFiles | null> {
  const path = join(dir, INDEX)
  if (!existsSync(path)) return null
  const parsed = Index.safeParse(JSON.parse(await readFile(path, 'utf8')))
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`)
  return { ...parsed.data, dir }
}

/** Keeps the files that a season's steps made, so that the season can be run, or walked by hand, from them. */
export async function keepSeasonFiles(dir: string, { candidates, seed }: { candidates: number; seed: number }, made: Map<string, { path: string; good: number; bad: number }>): Promise<void> {
  await mkdir(dir, { recursive: true })
  const files: SeasonFiles['files'] = {}
  for (const [title, { path, good, bad }] of made) {
    const name = basename(path)
    await copyFile(path, join(dir, name))
    files[title] = { name, good, bad }
  }
  await writeFile(join(dir, INDEX), `${JSON.stringify({ candidates, seed, files }, null, 2)}\n`)
}
