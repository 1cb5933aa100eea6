import type { JobView } from '#server/services.ts'
import type { Desk } from './open-desk.ts'
import { saveFile } from './save-file.ts'
import { DONE, NOT_DONE, type Cli } from './terminal.ts'

/** Saves what a job made; the job's own name when no path is given. */
export const keepFile = async (cli: Cli, desk: Desk, job: JobView, options: { output?: string; json?: boolean }): Promise<number> => {
  const [file] = job.result?.files ?? []
  if (!file) {
    const why = job.result?.message ?? cli.say('没有生成文件', 'no file was made')
    if (options.json) cli.json({ ok: false, error: { code: 'NOT_FOUND', message: why } })
    else cli.terminal.err(why)
    return NOT_DONE
  }
  const path = await saveFile(desk, file.id, options.output ?? file.name, cli.terminal.cwd)
  if (options.json) cli.json({ ok: true, file: path, bytes: file.bytes, job: job.id })
  else cli.terminal.out(path)
  return DONE
}
