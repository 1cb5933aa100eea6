import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listIncidents, retryIncident } from '#server/runtime/process/index.ts'
import { saveSet } from '#server/runtime/records/index.ts'
import { openLibrary, ROOT, type Library } from '../../support/library/open-library.ts'

/** Copies of the branch are reserved, a slip is made; when the stocktake is called off, both are undone. */
const STOCKTAKE = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:certflow="https://certflow.dev/bpmn/1" targetNamespace="t">
  <bpmn:process id="stocktake" name="盘点" isExecutable="true">
    <bpmn:startEvent id="start" /><bpmn:sequenceFlow id="f0" sourceRef="start" targetRef="reserve" />
    <bpmn:serviceTask id="reserve" name="预留" certflow:operation="test/do" certflow:status="NEW">
      <bpmn:extensionElements><certflow:input name="what">"reserve"</certflow:input><certflow:input name="shelf">each.shelf</certflow:input></bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics isSequential="true" certflow:each="rows(&quot;copy&quot;)[item.branch = record.branch]" />
    </bpmn:serviceTask>
    <bpmn:boundaryEvent id="reserved" attachedToRef="reserve"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent><bpmn:association id="a1" sourceRef="reserved" targetRef="release" />
    <bpmn:serviceTask id="release" name="释放" isForCompensation="true" certflow:operation="test/do">
      <bpmn:extensionElements><certflow:input name="what">"release"</certflow:input><certflow:input name="shelf">each.shelf</certflow:input></bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f1" sourceRef="reserve" targetRef="slip" />
    <bpmn:serviceTask id="slip" name="开单" certflow:operation="test/do"><bpmn:extensionElements><certflow:input name="what">"slip"</certflow:input></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:boundaryEvent id="slipped" attachedToRef="slip"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent><bpmn:association id="a2" sourceRef="slipped" targetRef="tear" />
    <bpmn:userTask id="tear" name="作废单据" isForCompensation="true" certflow:role="branch"><bpmn:extensionElements><certflow:outcome id="torn" label="已作废" /></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="slip" targetRef="look" />
    <bpmn:userTask id="look" name="盘点" certflow:role="branch central" certflow:status="COUNTING"><bpmn:extensionElements><certflow:outcome id="callOff" label="取消盘点" /></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="f3" sourceRef="look" targetRef="undo" />
    <bpmn:intermediateThrowEvent id="undo" name="撤销"><bpmn:compensateEventDefinition /></bpmn:intermediateThrowEvent>
    <bpmn:sequenceFlow id="f4" sourceRef="undo" targetRef="ended" /><bpmn:endEvent id="ended" certflow:status="DONE" />
  </bpmn:process>
</bpmn:definitions>`

let lib: Library
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certflow-undo-'))
  await cp(ROOT, folder, { recursive: true })
  await writeFile(join(folder, 'workflows/library/stocktake/stocktake.bpmn'), STOCKTAKE)
  lib = await openLibrary({ root: folder })
  await saveSet(lib.house.core.engine, lib.house.core.system('town'), lib.def('copy'), [1, 2].map((shelf) => ({ data: { book: lib.id('book.novel'), branch: lib.id('organisation.east'), shelf } })), { via: { kind: 'effect' } })
})
afterAll(async () => { await lib.close(); await rm(folder, { recursive: true, force: true }) })

describe('compensation on the database', () => {
  it('asks people and operations to undo what they did, the last first, each once, and an operation that fails may be tried again', async () => {
    const done: string[] = []
    let down = true
    lib.operations['test/do'] = (inputs) => inputs.map(({ input }) => {
      if (input['what'] === 'release' && down) { down = false; return { ok: false, error: { code: 'DOWN', message: 'no answer' } } }
      done.push(`${String(input['what'])} ${input['shelf'] === undefined ? '' : String(input['shelf'])}`.trim())
      return { ok: true, output: {} }
    })
    const { id } = await lib.create('central', 'stocktake', { name: '一', branch: lib.id('organisation.east') })
    await lib.drain()
    expect([done, await lib.read('stocktake', id, 'status')]).toEqual([['reserve 1', 'reserve 2', 'slip'], 'COUNTING'])

    expect((await lib.press('east.a', 'stocktake', 'callOff', [id])).done).toEqual([id])
    await lib.drain()
    expect(done).toHaveLength(3)
    expect((await lib.press('east.a', 'stocktake', 'torn', [id])).done).toEqual([id])
    await lib.drain()
    const call = await lib.as('central')
    const [incident] = await listIncidents(lib.house.core.processes, call, { record: id })
    expect(incident).toMatchObject({ element: 'release', code: 'DOWN' })
    expect(await retryIncident(lib.house.core.processes, call, incident!.id)).toEqual({ ok: true })
    await lib.drain()

    expect([done.slice(3), await lib.read('stocktake', id, 'status')]).toEqual([['release 2', 'release 1'], 'DONE'])
  })
})
