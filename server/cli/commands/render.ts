import type { AddCommand } from '../terminal.ts'

interface Options { as: string; program?: string; output?: string; json?: boolean }

export const addRender: AddCommand = (program, cli) => {
  program.command('render <entity.document> [ids...]')
    .description(cli.say('生成材料（PDF 或表格）', 'make documents (PDF or sheets) of records'))
    .requiredOption('--as <account>', cli.say('以此账号', 'as this account'))
    .option('--program <id>', cli.say('项目', 'programme'))
    .option('-o, --output <file>', cli.say('写入此文件', 'write to this file'))
    .option('--json')
    .action(cli.run(async (name: string, ids: string[], options: Options) => {
      const [{ openDesk }, { take }, { entityAndId }, { keepFile }] = await Promise.all([import('../open-desk.ts'), import('../refused.ts'), import('../entity-and-id.ts'), import('../keep-file.ts')])
      const [entity, id] = entityAndId(name)
      const desk = await openDesk(cli, options)
      try {
        const { job } = take(await desk.services.documents.start(desk.actor, entity, id, ids.length > 0 ? { ids } : {}))
        return await keepFile(cli, desk, await desk.finish(job), options)
      } finally { await desk.close() }
    }))
}
