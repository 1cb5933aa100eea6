import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runTimers } from '#server/runtime/process/index.ts'
import { saveSet, trailOf } from '#server/runtime/records/index.ts'
import { openLibrary, ROOT, type Library } from '../../support/library/open-library.ts'

const FILE = (body: string, head = '') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:certflow="https://certflow.dev/bpmn/1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="https://certflow.dev/library">
  <bpmn:signal id="s1" name="alarm" />${head}
${body}
</bpmn:definitions>`
const outcome = (id: string) => `<bpmn:extensionElements><certflow:outcome id="${id}" label="${id}" /></bpmn:extensionElements>`

/** Begins by the signal or when `ready`; hears the signal again later; tells of an escalation that nobody takes up. */
const DRILL = FILE(`<bpmn:process id="drill" isExecutable="true">
  <bpmn:startEvent id="byAlarm" certflow:status="WAITING" certflow:role="central" certflow:edit="*"><bpmn:signalEventDefinition signalRef="s1" /></bpmn:startEvent>
  <bpmn:startEvent id="byReady"><bpmn:conditionalEventDefinition><bpmn:condition>ready = true</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>
 <bpmn:startEvent id="byHand" certflow:role="central" certflow:label="开始演练"><bpmn:messageEventDefinition messageRef="m1" /></bpmn:startEvent><bpmn:sequenceFlow id="f8" sourceRef="byHand" targetRef="gather" />
  <bpmn:startEvent id="byDate"><bpmn:timerEventDefinition><bpmn:timeDate>beginAt</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:startEvent><bpmn:sequenceFlow id="f9" sourceRef="byDate" targetRef="gather" />
  <bpmn:sequenceFlow id="f1" sourceRef="byAlarm" targetRef="gather" /><bpmn:sequenceFlow id="f2" sourceRef="byReady" targetRef="gather" />
  <bpmn:exclusiveGateway id="gather" /><bpmn:sequenceFlow id="f3" sourceRef="gather" targetRef="split" />
  <bpmn:inclusiveGateway id="split" default="toCount" />
  <bpmn:sequenceFlow id="toCount" sourceRef="split" targetRef="count" />
  <bpmn:sequenceFlow id="toSearch" sourceRef="split" targetRef="search"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">rooms &gt; 0</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="toLift" sourceRef="split" targetRef="lift"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">rooms &gt; 1</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:userTask id="count" certflow:role="central" certflow:status="RUNNING">${outcome('counted')}</bpmn:userTask>
  <bpmn:userTask id="search" certflow:role="central" certflow:status="RUNNING">${outcome('searched')}</bpmn:userTask>
  <bpmn:userTask id="lift" certflow:role="central" certflow:status="RUNNING">${outcome('lifted')}</bpmn:userTask>
  <bpmn:sequenceFlow id="j1" sourceRef="count" targetRef="join" /><bpmn:sequenceFlow id="j2" sourceRef="search" targetRef="join" /><bpmn:sequenceFlow id="j3" sourceRef="lift" targetRef="join" />
  <bpmn:inclusiveGateway id="join" /><bpmn:sequenceFlow id="f4" sourceRef="join" targetRef="tell" />
  <bpmn:intermediateThrowEvent id="tell"><bpmn:escalationEventDefinition escalationRef="late" /></bpmn:intermediateThrowEvent><bpmn:sequenceFlow id="f5" sourceRef="tell" targetRef="again" />
  <bpmn:intermediateCatchEvent id="again" certflow:status="LISTENING"><bpmn:signalEventDefinition signalRef="s1" /></bpmn:intermediateCatchEvent><bpmn:sequenceFlow id="f6" sourceRef="again" targetRef="out" />
  <bpmn:endEvent id="out" certflow:status="OVER" />
</bpmn:process>`, '\n  <bpmn:escalation id="late" escalationCode="LATE" /><bpmn:message id="m1" name="begin" />')
/** Ends with the signal. */
const SIREN = FILE(`<bpmn:process id="siren" isExecutable="true">
  <bpmn:startEvent id="start" /><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="hand" />
  <bpmn:userTask id="hand" certflow:role="central" certflow:status="READY">${outcome('sound')}</bpmn:userTask><bpmn:sequenceFlow id="f2" sourceRef="hand" targetRef="loud" />
  <bpmn:endEvent id="loud" certflow:status="OVER"><bpmn:signalEventDefinition signalRef="s1" /></bpmn:endEvent>
</bpmn:process>`)

const form = (process: string) => JSON.stringify({ title: process, process, scope: { owner: ['*'] }, edit: {}, access: { central: ['*'] } })
const schema = (states: string[], more: object = {}) => JSON.stringify({
  title: '演练', properties: { name: { type: 'string', title: '名称', 'x-column': true }, ...more, status: { type: 'string', title: '状态', 'x-governor': 'process', 'x-states': Object.fromEntries(states.map((s) => [s, { zh: s }])) } },
})

let lib: Library
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'certflow-signals-'))
  await cp(ROOT, root, { recursive: true })
  const write = async (path: string, text: string): Promise<void> => { await mkdir(join(root, path, '..'), { recursive: true }); await writeFile(join(root, path), text) }
  await write('workflows/library/drill/drill.bpmn', DRILL)
  await write('workflows/library/siren/siren.bpmn', SIREN)
  await write('forms/library/drill/form.json', form('drill'))
  await write('forms/library/siren/form.json', form('siren'))
  await write('forms/library/drill/schema.json', schema(['WAITING', 'RUNNING', 'LISTENING', 'OVER'], { ready: { type: 'boolean', title: '就绪', 'x-column': true }, rooms: { type: 'integer', title: '房间', 'x-column': true }, beginAt: { type: 'string', format: 'date-time', title: '开始时间', 'x-column': true } }))
  await write('forms/library/siren/schema.json', schema(['READY', 'OVER']))
  lib = await openLibrary({ root })
})
afterAll(async () => { await lib.close(); await rm(root, { recursive: true, force: true }) })

const drill = async (rooms: number): Promise<string> => (await lib.create('central', 'drill', { name: '演练', rooms })).id
const status = (id: string) => lib.read('drill', id, 'status')
const sound = async (): Promise<void> => {
  const siren = await lib.create('central', 'siren', { name: '警报' })
  expect((await lib.press('central', 'siren', 'sound', [siren.id])).done).toEqual([siren.id])
  await lib.drain()
}
const openTasks = async (id: string): Promise<string[]> =>
  (await lib.house.db.all<{ element: string }>('SELECT element FROM tasks WHERE record_id = ? AND completed_at IS NULL ORDER BY element', [Number(id)])).map((r) => r.element)

describe('a signal', () => {
  it('begins the instances that wait to be begun by it, and moves those that listen on their way', async () => {
    const one = await drill(1)
    const two = await drill(2)
    expect([await status(one), await openTasks(one)]).toEqual(['WAITING', []])

    await sound()

    expect([await status(one), await openTasks(one)]).toEqual(['RUNNING', ['search']])
    expect([await status(two), await openTasks(two)]).toEqual(['RUNNING', ['lift', 'search']])
    await lib.press('central', 'drill', 'searched', [one])
    const third = await drill(0)
    expect([await status(one), await status(third)]).toEqual(['LISTENING', 'WAITING'])

    await sound()

    expect([await status(one), await status(two), await status(third)]).toEqual(['OVER', 'RUNNING', 'RUNNING'])
    expect(await openTasks(third)).toEqual(['count'])
  })
  it('is not heard by whom it finds only after it was thrown', async () => {
    const siren = await lib.create('central', 'siren', { name: '警报' })
    await lib.press('central', 'siren', 'sound', [siren.id])
    const late = await drill(1)
    await lib.drain()

    expect(await status(late)).toBe('WAITING')
  })
  it('reaches thousands in a few batches, each once', async () => {
    const { engine } = lib.house.core
    const ids = (await saveSet(engine, lib.house.core.system('town'), lib.def('drill'), Array.from({ length: 1_200 }, (_, n) => ({ data: { name: `${n}`, rooms: 1 } })), { via: { kind: 'effect' } })).map((d) => d.id)

    await sound()

    const where = lib.house.db.idsIn('record_id', ids)
    const open = await lib.house.db.all<{ element: string; n: number }>(`SELECT element, COUNT(*) AS n FROM tasks WHERE completed_at IS NULL AND ${where.sql} GROUP BY element`, where.params)
    expect(open.map((r) => [r.element, Number(r.n)])).toEqual([['search', 1_200]])
  })
})

describe('a condition that begins a process', () => {
  it('is looked at when the record is made and whenever it changes', async () => {
    const ready = (await lib.create('central', 'drill', { name: '就绪', rooms: 1, ready: true })).id
    expect(await openTasks(ready)).toEqual(['search'])

    const later = await drill(2)
    expect((await lib.edit('central', 'drill', later, { ready: true })).problems).toEqual([])

    expect([await status(later), await openTasks(later)]).toEqual(['RUNNING', ['lift', 'search']])
  })
})

describe('a message and a date that begin a process', () => {
  it('are a button of the waiting record and a timer that follows its data; the first of them calls the other off', async () => {
    const byHand = await drill(1)
    const byDate = await drill(1)
    for (const id of [byHand, byDate]) expect((await lib.edit('central', 'drill', id, { beginAt: new Date(lib.clock.now() + 3_600_000).toISOString() })).problems).toEqual([])
    expect((await lib.press('central', 'drill', 'begin', [byHand])).done).toEqual([byHand])
    expect([await status(byHand), await status(byDate)]).toEqual(['RUNNING', 'WAITING'])

    await lib.advance(2 * 3_600_000)

    expect([await openTasks(byHand), await openTasks(byDate)]).toEqual([['search'], ['search']])
    expect((await lib.press('central', 'drill', 'begin', [byDate])).done).toEqual([])
  })
})

describe('an inclusive join and an escalation', () => {
  it('wait for who was sent, and the history keeps what nobody took up', async () => {
    const id = (await lib.create('central', 'drill', { name: '两处', rooms: 2, ready: true })).id
    await lib.press('central', 'drill', 'lifted', [id])
    expect([await status(id), await openTasks(id)]).toEqual(['RUNNING', ['search']])

    await lib.press('central', 'drill', 'searched', [id])

    expect([await status(id), await openTasks(id)]).toEqual(['LISTENING', []])
    expect((await trailOf(lib.house.core.engine, lib.def('drill'), id)).filter((e) => e.kind === 'escalation')).toMatchObject([{ element: 'tell', outcome: 'LATE' }])
    expect(await lib.house.db.all('SELECT id FROM incidents WHERE record_id = ?', [Number(id)])).toEqual([])
  })
  it('leave an incident where a condition has no answer, never a branch forgotten', async () => {
    const id = (await lib.create('central', 'drill', { name: '未知', ready: true })).id

    expect(await lib.house.db.all('SELECT element, code FROM incidents WHERE record_id = ?', [Number(id)])).toEqual([{ element: 'split', code: 'conditionNull' }])
    expect(await runTimers(lib.house.core.processes, lib.clock.now())).toBe(0)
  })
})
