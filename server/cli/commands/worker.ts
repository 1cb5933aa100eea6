import { DONE, type AddCommand } from '../terminal.ts'

export const addWorker: AddCommand = (program, cli) => {
  program.command('worker')
    .description(cli.say('只处理任务（导入、导出、材料、定时），直到 Ctrl-C', 'work jobs only (imports, exports, documents, timers) until Ctrl-C'))
    .option('--slots <n>', cli.say('同时处理的任务数', 'jobs at the same time'), '2')
    .action(cli.run(async (options: { slots: string }) => {
      const [{ createCertflow }, { auditOf }] = await Promise.all([import('#server/index.ts'), import('#server/compose.ts')])
      const certflow = await createCertflow({ ...cli.config(), worker: 'off' })
      try {
        const worker = certflow.house.jobs.worker({ slots: Math.max(1, Number(options.slots) || 1), ...(certflow.queue ? { dispatcher: certflow.queue } : {}) })
        // a web process without jobs seals nothing either
        const sealer = auditOf(certflow.house).sealer()
        worker.start()
        sealer.start()
        cli.terminal.out(cli.say('正在处理任务，Ctrl-C 结束', 'working; Ctrl-C ends'))
        await new Promise<void>((resolve) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve()) })
        await worker.stop()
        await sealer.stop()
        return DONE
      } finally { await certflow.close() }
    }))
}
