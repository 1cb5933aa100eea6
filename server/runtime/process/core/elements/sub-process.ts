import { armToken } from '../arm.ts'
import { addToken, elementOf, schedule } from '../run.ts'
import type { ElementDoc, Enter } from './behaviour.ts'

export const doc: ElementDoc[] = [
  { tag: 'subProcess', name: 'sub-process', names: '子流程', en: 'a scope of its own; goes on when all its tokens have ended', zh: '独立的范围；其中所有令牌结束后继续' },
  {
    tag: 'callActivity', name: 'call activity', names: '调用活动',
    en: '`calledElement` (programme, then family) runs on the same record, inside the same instance, and may set its status; a running instance keeps the version of the called process too',
    zh: '在同一记录、同一实例内运行 `calledElement`（先找项目，再找领域），可设置状态；运行中的实例也保留被调用流程的版本',
  },
]

/** The token stays on the sub-process and carries its scope; a new one begins inside. Inlined call activities alike. */
export const enterSubProcess: Enter = (run, token, el) => {
  if (el.status) run.effects.push({ kind: 'status', value: el.status })
  armToken(run, token)
  const begin = (run.process.index.starts[el.id] ?? []).find(id => elementOf(run, id).event === 'none')
  if (begin === undefined) throw new Error(`process ${run.process.id}: sub-process ${el.id} has no start event; lint refuses it`)
  schedule(run, addToken(run, begin, token.id, token.names))
}
