import type { AddCommand } from '../terminal.ts'

interface Options { as: string; program?: string; output?: string; list?: string; json?: boolean }

export const addExport: AddCommand = (program, cli) => {
  program.command('export <entity.export>')
    .description(cli.say('导出列表，如同在页面上导出', 'export a list as its page would'))
    .requiredOption('--as <account>', cli.say('以此账号', 'as this account'))
    .option('--program <id>', cli.say('项目', 'programme'))
    .option('--list <id>', cli.say('列表', 'list'))
    .option('-o, --output <file>', cli.say('写入此文件', 'write to this file'))
    .option('--json')
    .action(cli.run(async (name: string, options: Options) => {
      const [{ openDesk }, { take }, { entityAndId }, { keepFile }] = await Promise.all([import('../open-desk.ts'), import('../refused.ts'), import('../entity-and-id.ts'), import('../keep-file.ts')])
      const [entity, id] = entityAndId(name)
      const desk = await openDesk(cli, options)
      try {
        const { job } = take(await desk.services.exports.start(desk.actor, entity, id, options.list ? { list: options.list } : {}))
        return await keepFile(cli, desk, await desk.finish(job), options)
      } finally { await desk.close() }
    }))
}
