import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Engine, type BpmnEngineOptions } from 'bpmn-engine'

export const DEFINITIONS = join(import.meta.dirname, '../definitions')
export const PROCESS_FILE = join(DEFINITIONS, 'workflows/office/request/request.bpmn')

/** The same process without what only Certflow reads; conditions in the other engine's own expressions. */
const PLAIN = readFileSync(PROCESS_FILE, 'utf8')
  .replace(/outcome = "(\w+)"/g, (_all, outcome: string) => `\${environment.output.outcome.${outcome}}`)
  .replace(/ certflow:\w+="[^"]*"/g, '').replace(/<bpmn:extensionElements>[\s\S]*?<\/bpmn:extensionElements>/g, '')

type Context = BpmnEngineOptions['sourceContext']
interface ActivityApi { id: string; content: { output?: Record<string, true> }; environment: { output: Record<string, unknown> }; signal(message: Record<string, true>): void }

/** What a listener hears of one instance: where it waits and where it has ended. */
class Heard {
  waiting: ActivityApi | null = null
  ended: string | null = null
  emit = (name: string, api: ActivityApi): void => {
    if (name === 'activity.wait') this.waiting = api
    if (name !== 'activity.end') return
    this.ended = api.id
    if (api.content.output) api.environment.output['outcome'] = api.content.output
  }
}
export interface EngineRun { signal(outcome: string): void; at(): string | null; ended(): string | null; state(): Promise<string> }

const over = (engine: InstanceType<typeof Engine>, heard: Heard): EngineRun => ({
  signal: (outcome) => {
    const task = heard.waiting
    heard.waiting = null
    task?.signal({ [outcome]: true })
  },
  at: () => heard.waiting?.id ?? null,
  ended: () => heard.ended,
  state: async () => JSON.stringify(await engine.getState()),
})

export interface OtherEngine { start(): Promise<EngineRun>; recover(state: string): Promise<EngineRun> }

/** bpmn-engine with the process parsed once, as a careful user of it would do. */
export async function otherEngine(): Promise<OtherEngine> {
  const [definition] = await new Engine({ name: 'source', source: PLAIN }).getDefinitions()
  const sourceContext = (definition!.environment as unknown as { options: { source: Context } }).options.source
  if (!sourceContext) throw new Error('bpmn-engine gives no parsed source any more')
  return {
    async start() {
      const heard = new Heard()
      const engine = new Engine({ name: 'request', sourceContext })
      await engine.execute({ listener: heard })
      return over(engine, heard)
    },
    async recover(state) {
      const heard = new Heard()
      const engine = new Engine().recover(JSON.parse(state) as never)
      await engine.resume({ listener: heard } as never)
      return over(engine, heard)
    },
  }
}
