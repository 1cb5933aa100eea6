import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listIncidents, retryIncident } from '#server/runtime/process/index.ts'
import { saveSet, trailOf } from '#server/runtime/records/index.ts'
import { openLibrary, ROOT, type Library } from '../../support/library/open-library.ts'

/** Every copy of the branch is looked up, then both librarians sign. */
const STOCKTAKE = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:certflow="https://certflow.dev/bpmn/1" targetNamespace="t">
  <bpmn:process id="stocktake" name="盘点" isExecutable="true">
    <bpmn:startEvent id="start" /><bpmn:sequenceFlow id="f0" sourceRef="start" targetRef="look" />
    <bpmn:serviceTask id="look" name="查找" certflow:operation="test/look" certflow:status="NEW">
      <bpmn:extensionElements><certflow:input name="shelf">each.shelf</certflow:input><certflow:input name="nth">loopCounter</certflow:input>
        <certflow:set id="seen" entity="copy" where="item.shelf = each.shelf"><certflow:value name="checked">true</certflow:value></certflow:set></bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics certflow:each="rows(&quot;copy&quot;)[item.branch = record.branch]" />
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f1" sourceRef="look" targetRef="sign" />
    <bpmn:userTask id="sign" name="会签" certflow:role="branch" certflow:status="COUNTING">
      <bpmn:extensionElements><certflow:outcome id="agree" label="同意" /><certflow:outcome id="refuse" label="不同意" /></bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics certflow:each="rows(&quot;core/user&quot;)[item.account in [&quot;east-a&quot;, &quot;east-b&quot;]]" />
    </bpmn:userTask>
    <bpmn:endEvent id="ended" certflow:status="DONE" />
    <bpmn:sequenceFlow id="f2" sourceRef="sign" targetRef="ended"><bpmn:extensionElements><certflow:set id="sum"><certflow:value name="done">count(outcomes[item = "agree"])</certflow:value></certflow:set></bpmn:extensionElements></bpmn:sequenceFlow>
  </bpmn:process>
</bpmn:definitions>`

let lib: Library
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certflow-loops-'))
  await cp(ROOT, folder, { recursive: true })
  await writeFile(join(folder, 'workflows/library/stocktake/stocktake.bpmn'), STOCKTAKE)
  lib = await openLibrary({ root: folder })
  const { engine } = lib.house.core
  await saveSet(engine, lib.house.core.system('town'), lib.def('copy'), [1, 2, 3, 4].map((shelf) => ({ data: { book: lib.id('book.novel'), branch: lib.id(`organisation.${shelf === 4 ? 'west' : 'east'}`), shelf } })), { via: { kind: 'effect' } })
})
afterAll(async () => { await lib.close(); await rm(folder, { recursive: true, force: true }) })

const status = (id: string) => lib.read('stocktake', id, 'status')
const said = (r: { refused: { problems: { message: string }[] }[] }) => r.refused.flatMap((x) => x.problems.map((p) => p.message))
const begun = async (name: string) => { const d = await lib.create('central', 'stocktake', { name, branch: lib.id('organisation.east') }); expect(d.problems).toEqual([]); await lib.drain(); return d.id }
const openTasks = (id: string) => lib.house.db.all<{ token: number; assignee: number | null }>('SELECT token, assignee FROM tasks WHERE record_id = ? AND completed_at IS NULL ORDER BY token', [Number(id)])

describe('an operation for each of several rows', () => {
  it('is asked for all of them in one job, each with its own input, and one that fails is mended alone', async () => {
    const asked: unknown[][] = []
    let down = true
    lib.operations['test/look'] = (inputs) => { asked.push(inputs.map((i) => i.input)); return inputs.map((i) => (down && i.input['shelf'] !== 1 ? { ok: false, error: { code: 'DOWN', message: `${String(i.input['shelf'])}` } } : { ok: true, output: {} })) }
    const id = await begun('一')
    expect(asked).toEqual([[{ shelf: 1, nth: 1 }, { shelf: 2, nth: 2 }, { shelf: 3, nth: 3 }]])
    const call = await lib.as('central')
    const incidents = await listIncidents(lib.house.core.processes, call, { record: id })
    expect(incidents.map((i) => i.message.slice(-30)).sort()).toEqual([expect.stringContaining('2'), expect.stringContaining('3')])
    expect(await status(id)).toBe('NEW')

    down = false
    for (const i of incidents) { expect(await retryIncident(lib.house.core.processes, call, i.id)).toEqual({ ok: true }); await lib.drain() }

    expect(await status(id)).toBe('COUNTING')
    expect(asked.slice(1).flat()).toHaveLength(2)
    const copies = await lib.house.db.all<{ shelf: number; checked: number }>(`SELECT shelf, checked FROM ${lib.def('copy').table} ORDER BY shelf`, [])
    expect(copies.map((c) => Boolean(c.checked))).toEqual([true, true, true, false])
  })
})

describe('a task for each of several people', () => {
  it('is each one\'s own, in the inbox of each, and two at once lose neither', async () => {
    lib.operations['test/look'] = (inputs) => inputs.map(() => ({ ok: true, output: {} }))
    const id = await begun('二')
    expect((await openTasks(id)).map((t) => String(t.assignee)).sort()).toEqual([lib.id('user.east.a'), lib.id('user.east.b')].sort())
    expect(said(await lib.press('west.a', 'stocktake', 'agree', [id]))).not.toEqual([])

    const [a, b] = await Promise.all([lib.press('east.a', 'stocktake', 'agree', [id]), lib.press('east.b', 'stocktake', 'refuse', [id])])

    expect([a.done, b.done]).toEqual([[id], [id]])
    expect([await status(id), await lib.read('stocktake', id, 'done'), await openTasks(id)]).toEqual(['DONE', 1, []])
    expect((await trailOf(lib.house.core.engine, lib.def('stocktake'), id)).filter((e) => e.kind === 'outcome').map((e) => e.outcome).sort()).toEqual(['agree', 'refuse'])
  })
  it('is done once: the same person again, or twice at once, is told so', async () => {
    const id = await begun('三')
    const [one, two] = await Promise.all([lib.press('east.a', 'stocktake', 'agree', [id]), lib.press('east.a', 'stocktake', 'agree', [id])])
    expect([one.done.length, two.done.length].sort()).toEqual([0, 1])
    expect(said(one.done.length ? two : one)).toEqual(['您已办理过，不能重复办理'])
    expect((await openTasks(id)).map((t) => String(t.assignee))).toEqual([lib.id('user.east.b')])
    expect(await status(id)).toBe('COUNTING')
  })
})
