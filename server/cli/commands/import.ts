import { createReadStream } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import { AppError } from '#server/platform/errors.ts'
import type { Desk } from '../open-desk.ts'
import { collect, DONE, NOT_DONE, type AddCommand } from '../terminal.ts'

interface Options { as: string; program?: string; param: string[]; failed?: string; json?: boolean }

/** k=v pairs; a value that names no record by id is looked up by its text, as a person would choose it. */
const paramsOf = async (desk: Desk, entity: string, id: string, pairs: string[]): Promise<JsonObject> => {
  const params: JsonObject = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw new AppError('INPUT_INVALID', { where: '--param', reason: 'k=v' }, { found: pair, fix: 'write --param name=value' })
    const path = pair.slice(0, at)
    const text = pair.slice(at + 1)
    const offered = /^\d+$/.test(text) ? null : await desk.services.references(desk.actor, { entity, import: id, path, search: text })
    params[path] = (offered?.ok ? offered.options.find((o) => o.label === text)?.value : undefined) ?? text
  }
  return params
}

export const addImport: AddCommand = (program, cli) => {
  program.command('import <entity.import> <file>')
    .description(cli.say('导入文件，如同在页面上导入', 'import a file as its page would'))
    .requiredOption('--as <account>', cli.say('以此账号', 'as this account'))
    .option('--program <id>', cli.say('项目', 'programme'))
    .option('--param <k=v>', cli.say('导入参数，可重复', 'parameter of the import; repeatable'), collect, [])
    .option('--failed <file>', cli.say('把未导入的行写入此文件', 'write rows that failed to this file'))
    .option('--json')
    .action(cli.run(async (name: string, file: string, options: Options) => {
      const [{ openDesk }, { take }, { saveFile }, { entityAndId }] = await Promise.all([import('../open-desk.ts'), import('../refused.ts'), import('../save-file.ts'), import('../entity-and-id.ts')])
      const [entity, id] = entityAndId(name)
      const desk = await openDesk(cli, options)
      try {
        const { services, actor } = desk
        const stored = take(await services.files.put(actor, { name: basename(file), entity, purpose: 'import' }, createReadStream(resolve(cli.terminal.cwd, file))))
        const params = await paramsOf(desk, entity, id, options.param)
        const { job } = take(await services.imports.start(actor, entity, id, { file: stored.id, params }))
        const { result = {} } = await desk.finish(job)
        const failed = result.failed ?? 0
        const failedFile = options.failed && result.files?.[0] ? await saveFile(desk, result.files[0].id, options.failed, cli.terminal.cwd) : undefined
        if (options.json) cli.json({ ok: failed === 0, imported: result.ok ?? 0, failed, job, ...(failedFile ? { failedFile } : {}) })
        else {
          cli.terminal.out(cli.say(`导入 ${result.ok ?? 0} 行，未导入 ${failed} 行`, `${result.ok ?? 0} rows imported, ${failed} failed`))
          for (const r of result.refused ?? []) cli.terminal.out(`  ${r.count} × ${r.reason}`)
          if (failedFile) cli.terminal.out(failedFile)
        }
        return failed === 0 ? DONE : NOT_DONE
      } finally { await desk.close() }
    }))
}
