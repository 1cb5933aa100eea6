import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadInstances, offersFor, work, type WorkResult } from '#server/runtime/process/index.ts'
import { factsFor, trailOf } from '#server/runtime/records/index.ts'
import { openLibrary, ROOT, type Library } from '../../support/library/open-library.ts'

const outcome = (id: string) => `<certflow:outcome id="${id}" label="${id}" />`
const PURCHASE = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:certflow="https://certflow.dev/bpmn/1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="https://certflow.dev/library">
<bpmn:message id="m1" name="stop" />
<bpmn:process id="purchase" isExecutable="true">
  <bpmn:extensionElements><certflow:move do="jump" role="central" /><certflow:move do="suspend" role="central" /></bpmn:extensionElements>
  <bpmn:startEvent id="start" /><bpmn:sequenceFlow id="f0" sourceRef="start" targetRef="write" />
  <bpmn:userTask id="write" name="填写" certflow:role="branch" certflow:status="DRAFT" certflow:edit="*"><bpmn:extensionElements>${outcome('submit')}<certflow:move do="withdraw" /></bpmn:extensionElements></bpmn:userTask>
  <bpmn:sequenceFlow id="f1" sourceRef="write" targetRef="first" />
  <bpmn:userTask id="first" name="初审" certflow:role="branch" certflow:status="FIRST" certflow:notBy="initiator"><bpmn:extensionElements>${outcome('pass')}
    <certflow:move do="claim" /><certflow:move do="delegate" then="back" /><certflow:move do="return" to="initiator" id="sendBack" label="退回修改" /><certflow:move do="withdraw" /></bpmn:extensionElements></bpmn:userTask>
  <bpmn:boundaryEvent id="late" attachedToRef="first" cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
  <bpmn:sequenceFlow id="f2" sourceRef="late" targetRef="lateEnd"><bpmn:extensionElements><certflow:set id="late"><certflow:value name="reminders">if reminders = null then 1 else reminders + 1</certflow:value></certflow:set></bpmn:extensionElements></bpmn:sequenceFlow><bpmn:endEvent id="lateEnd" />
  <bpmn:boundaryEvent id="stopped" attachedToRef="first"><bpmn:messageEventDefinition messageRef="m1" /></bpmn:boundaryEvent><bpmn:sequenceFlow id="f12" sourceRef="stopped" targetRef="gone" /><bpmn:endEvent id="gone" certflow:status="GONE" />
  <bpmn:sequenceFlow id="f3" sourceRef="first" targetRef="split" /><bpmn:parallelGateway id="split" />
  <bpmn:sequenceFlow id="f4" sourceRef="split" targetRef="legal" /><bpmn:sequenceFlow id="f5" sourceRef="split" targetRef="cost" />
  <bpmn:userTask id="legal" name="法务" certflow:role="branch" certflow:status="BOTH"><bpmn:extensionElements>${outcome('legalOk')}<certflow:move do="return" to="*" id="legalBack" /></bpmn:extensionElements></bpmn:userTask>
  <bpmn:userTask id="cost" name="核价" certflow:role="branch" certflow:status="BOTH"><bpmn:extensionElements>${outcome('costOk')}</bpmn:extensionElements></bpmn:userTask>
  <bpmn:sequenceFlow id="f6" sourceRef="legal" targetRef="join" /><bpmn:sequenceFlow id="f7" sourceRef="cost" targetRef="join" /><bpmn:parallelGateway id="join" />
  <bpmn:sequenceFlow id="f8" sourceRef="join" targetRef="final" />
  <bpmn:userTask id="final" name="终审" certflow:role="branch" certflow:status="FINAL" certflow:notBy="first"><bpmn:extensionElements>${outcome('approve')}
    <certflow:move do="sign-before" /><certflow:move do="sign-after" /><certflow:move do="return" to="*" /><certflow:move do="delegate" /></bpmn:extensionElements></bpmn:userTask>
  <bpmn:sequenceFlow id="f9" sourceRef="final" targetRef="end"><bpmn:extensionElements><certflow:set id="signed"><certflow:value name="signatures">count(signs)</certflow:value></certflow:set></bpmn:extensionElements></bpmn:sequenceFlow>
  <bpmn:endEvent id="end" certflow:status="DONE" />
</bpmn:process></bpmn:definitions>`
const SCHEMA = {
  title: '采购', properties: {
    name: { type: 'string', title: '名称', 'x-column': true }, reminders: { type: 'integer', title: '提醒', 'x-column': true, 'x-governor': 'effect' }, signatures: { type: 'integer', title: '签字', 'x-column': true, 'x-governor': 'effect' },
    status: { type: 'string', title: '状态', 'x-governor': 'process', 'x-states': Object.fromEntries(['DRAFT', 'FIRST', 'BOTH', 'FINAL', 'DONE', 'GONE'].map((s) => [s, { zh: s }])) },
  },
}
const FORM = { title: '采购', process: 'purchase', scope: { owner: ['*'], branch: ['*'] }, edit: {}, access: { central: ['*'], branch: ['*'] }, actions: { stop: { title: '停止', scope: 'record', do: 'message', message: 'stop' } } }

let lib: Library
let root: string
let id: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'certflow-moves-'))
  await cp(ROOT, root, { recursive: true })
  const write = async (path: string, text: string): Promise<void> => { await mkdir(join(root, path, '..'), { recursive: true }); await writeFile(join(root, path), text) }
  await write('workflows/library/purchase/purchase.bpmn', PURCHASE)
  await write('forms/library/purchase/schema.json', JSON.stringify(SCHEMA))
  await write('forms/library/purchase/form.json', JSON.stringify(FORM))
  const demo = JSON.parse(await readFile(join(root, 'seeds/demo/town/demo.json'), 'utf8')) as { users: Record<string, Record<string, unknown>> }
  for (const name of ['east.c', 'east.d']) demo.users[name] = { ...demo.users['east.b'], account: name.replace('.', '-'), name: name.replace('.', '-') }
  await write('seeds/demo/town/demo.json', JSON.stringify(demo))
  lib = await openLibrary({ root })
})
afterAll(async () => { await lib?.close(); await rm(root, { recursive: true, force: true }) })
beforeEach(async () => { id = (await lib.create('east.a', 'purchase', { name: '书架' })).id })

const press = async (who: string, button: string, more: { input?: Record<string, string | string[]>; comment?: string } = {}): Promise<WorkResult> =>
  work(lib.house.core.processes, await lib.as(who), lib.def('purchase'), { button, ids: [id], ...more })
const said = (r: WorkResult): string[] => r.refused.flatMap((x) => x.problems.map((p) => p.message))
const done = async (who: string, button: string, more: Parameters<typeof press>[2] = {}): Promise<void> => { expect(said(await press(who, button, more))).toEqual([]) }
const status = (): Promise<unknown> => lib.read('purchase', id, 'status')
const user = (name: string): string => lib.id(`user.${name}`)
async function buttons(who: string): Promise<Record<string, string[]>> {
  const call = await lib.as(who)
  const offers = (await offersFor(lib.house.core.processes, call, factsFor(lib.house.core.engine, call), lib.def('purchase'), [id])).get(id) ?? []
  return Object.fromEntries(offers.map((o) => [o.id, o.reasons]))
}
const openTasks = async (): Promise<{ element: string; assignee: number | null; owner: number | null }[]> => lib.house.db.all('SELECT element, assignee, owner FROM tasks WHERE record_id = ? AND completed_at IS NULL ORDER BY id', [Number(id)])
const lines = async (): Promise<string[]> => (await trailOf(lib.house.core.engine, lib.def('purchase'), id, 100)).map((e) => `${e.kind} ${e.outcome ?? ''} ${e.comment ?? ''}`.trim()).reverse()

describe('a task that is claimed', () => {
  it('is that person’s alone until it is put back', async () => {
    await done('east.a', 'submit')
    await done('east.b', 'claim')
    expect(await openTasks()).toEqual([{ element: 'first', assignee: Number(user('east.b')), owner: null }])
    expect(await buttons('west.a')).toEqual({})
    expect(Object.keys(await buttons('east.b'))).toEqual(['pass', 'release', 'delegate', 'sendBack'])
    await done('east.b', 'release')
    expect(Object.keys(await buttons('west.a'))).toContain('claim')
    expect(await lines()).toContain('move claim')
  })
  it('goes to whoever was first', async () => {
    await done('east.a', 'submit')
    const both = await Promise.all([press('east.b', 'claim'), press('west.a', 'claim')])
    expect(both.map((r) => r.done.length).sort()).toEqual([0, 1])
  })
})

describe('a task that is delegated', () => {
  it('comes back for the outcome where the definition says so', async () => {
    await done('east.a', 'submit')
    await done('east.b', 'claim')
    expect(said(await press('east.b', 'delegate', { input: { person: user('west.a') } }))).toEqual(['所选人员不能办理此任务，请选择本机构具有相应角色的其他人员'])
    // separation of duties: whoever made it is not asked either
    expect(said(await press('east.b', 'delegate', { input: { person: user('east.a') } }))).toHaveLength(1)

    await done('east.b', 'delegate', { input: { person: user('east.c') }, comment: '请看预算' })

    expect(await openTasks()).toEqual([{ element: 'first', assignee: Number(user('east.c')), owner: Number(user('east.b')) }])
    expect(await buttons('east.c')).toEqual({ 'give-back': [] })
    expect(await buttons('east.b')).toEqual({})
    expect(await lines()).toContain('move delegate east-c：请看预算')
    await done('east.c', 'give-back', { comment: '预算够' })
    expect(await openTasks()).toEqual([{ element: 'first', assignee: Number(user('east.b')), owner: null }])
    await done('east.b', 'pass')
    expect(await status()).toBe('BOTH')
  })
  it('goes on with the delegate otherwise', async () => {
    await toFinal()
    await done('east.c', 'delegate', { input: { person: user('east.d') } })
    expect(await buttons('east.c')).toEqual({})
    await done('east.d', 'approve')
    expect(await status()).toBe('DONE')
  })
})

const toFinal = async (): Promise<void> => {
  await done('east.a', 'submit')
  await done('east.b', 'pass')
  await done('east.c', 'legalOk')
  await done('east.d', 'costOk')
}

describe('what has been done goes back', () => {
  it('to who wrote it, with the reason in the history', async () => {
    await done('east.a', 'submit')
    expect(said(await press('east.b', 'sendBack'))).toEqual(['请填写意见'])
    await done('east.b', 'sendBack', { comment: '缺报价' })
    expect(await status()).toBe('DRAFT')
    expect(await openTasks()).toMatchObject([{ element: 'write' }])
    expect(await lines()).toContain('move return 填写：缺报价')
    await done('east.a', 'submit')
    expect(await status()).toBe('FIRST')
  })
  it('to before a split with both branches', async () => {
    await done('east.a', 'submit')
    await done('east.b', 'pass')
    await done('east.d', 'costOk')
    expect(said(await press('east.c', 'legalBack', { comment: 'x' }))).toEqual(['请选择目标步骤'])
    expect(said(await press('east.c', 'legalBack', { comment: 'x', input: { to: 'cost' } }))).toEqual(['不能到达所选步骤，可选：初审、填写'])
    await done('east.c', 'legalBack', { comment: 'x', input: { to: 'first' } })
    expect(await openTasks()).toMatchObject([{ element: 'first', assignee: Number(user('east.b')) }])
    await done('east.b', 'pass')
    expect(await openTasks()).toMatchObject([{ element: 'legal' }, { element: 'cost' }])
  })
})

describe('an outcome that is taken back', () => {
  it('is so while nobody has acted after it', async () => {
    await done('east.a', 'submit')
    expect(Object.keys(await buttons('east.c'))).not.toContain('withdraw')
    expect(await buttons('east.a')).toMatchObject({ withdraw: [] })
    await done('east.a', 'withdraw')
    expect(await status()).toBe('DRAFT')
    expect(Object.keys(await buttons('east.a'))).toEqual(['submit'])
    await done('east.a', 'submit')
    await done('east.b', 'claim')
    expect(await buttons('east.a')).toMatchObject({ withdraw: ['下一步已有人认领办理，不能撤回'] })
    await done('east.b', 'pass')
    expect(Object.keys(await buttons('east.a'))).not.toContain('withdraw')
    // both tasks that it led to are taken along
    await done('east.b', 'withdraw')
    expect(await openTasks()).toMatchObject([{ element: 'first', assignee: Number(user('east.b')) }])
    await done('east.b', 'pass')
    await done('east.c', 'legalOk')
    expect(said(await press('east.b', 'withdraw'))).toEqual(['当前状态下不能进行此操作'])
  })
})

describe('separation of duties', () => {
  it('shows the button, says why not, and keeps it from being pressed', async () => {
    await done('east.a', 'submit')
    const why = '本记录由您提交，按职责分离要求须由他人办理'
    expect(await buttons('east.a')).toMatchObject({ pass: [why], claim: [why] })
    expect(said(await press('east.a', 'pass'))).toEqual([why])
    await done('east.b', 'pass')
    await done('east.c', 'legalOk')
    await done('east.d', 'costOk')
    expect(said(await press('east.b', 'approve'))).toEqual(['您已办理“初审”，按职责分离要求须由他人办理'])
    await done('east.a', 'approve')
    expect(await status()).toBe('DONE')
  })
})

describe('further people who sign', () => {
  it('before: the task waits for all of them', async () => {
    await toFinal()
    await done('east.c', 'sign-before', { input: { people: [user('east.d'), user('east.b')] } })
    expect(await buttons('east.c')).toEqual({})
    expect(Object.keys(await buttons('east.d'))).toEqual(['agree', 'disagree'])
    expect(said(await press('east.d', 'disagree'))).toEqual(['请填写意见'])
    await done('east.d', 'disagree', { comment: '太贵' })
    expect(await buttons('east.d')).toEqual({})
    await done('east.b', 'agree')
    await done('east.c', 'approve')
    expect([await status(), await lib.read('purchase', id, 'signatures')]).toEqual(['DONE', 2])
  })
  it('after: the outcome counts when they have agreed, and is open again when one does not', async () => {
    await toFinal()
    await done('east.c', 'sign-after', { input: { people: [user('east.d')] } })
    await done('east.c', 'approve')
    expect(await status()).toBe('FINAL')
    await done('east.d', 'disagree', { comment: '缺章' })
    expect(Object.keys(await buttons('east.c'))).toContain('approve')
    await done('east.c', 'sign-after', { input: { people: [user('east.d')] } })
    await done('east.c', 'approve')
    await done('east.d', 'agree')
    expect(await status()).toBe('DONE')
    expect(await openTasks()).toEqual([])
  })
})

describe('an administrator', () => {
  it('jumps, with a reason, wherever the process can go on from', async () => {
    await done('east.a', 'submit')
    expect(Object.keys(await buttons('central'))).toEqual(['jump', 'suspend'])
    expect(said(await press('central', 'jump', { input: { to: 'final' } }))).toEqual(['请填写意见'])
    expect(said(await press('central', 'jump', { input: { to: 'legal' }, comment: 'x' }))).toEqual(['不能到达所选步骤，可选：填写、gone、终审、end'])
    await done('central', 'jump', { input: { to: 'final' }, comment: '急件' })
    expect(await status()).toBe('FINAL')
    expect(await lines()).toContain('move jump 终审：急件')
  })
  it('suspends: people are refused, timers and messages wait and come afterwards in order', async () => {
    const DAY = 86_400_000
    await done('east.a', 'submit')
    await done('central', 'suspend', { comment: '盘点' })
    expect(said(await press('east.b', 'pass'))).toEqual(['流程已暂停，恢复后才能办理'])
    expect(await buttons('east.b')).toMatchObject({ pass: ['流程已暂停，恢复后才能办理'] })

    await lib.advance(2 * DAY)
    expect(await lib.read('purchase', id, 'reminders')).toBeNull()
    await done('central', 'resume')
    await lib.advance(60_000)
    expect(await lib.read('purchase', id, 'reminders')).toBe(1)
    await done('east.b', 'pass')
    const [instance] = await loadInstances(lib.house.core.engine, lib.house.core.processes.catalogue, { def: lib.def('purchase'), records: [id] })
    expect(instance?.suspended).toBeNull()
  })
  it('gives a suspended process its messages when it goes on', async () => {
    const { deliverMessage } = await import('#server/runtime/process/index.ts')
    await done('east.a', 'submit')
    await done('central', 'suspend', { comment: '盘点' })
    await lib.house.db.tx(() => deliverMessage(lib.house.core.processes, { programme: 'town', name: 'stop', entity: lib.def('purchase').id, records: [id] }, lib.clock.now()))
    expect(await status()).toBe('FIRST')
    await done('central', 'resume')
    expect(await status()).toBe('GONE')
  })
})
