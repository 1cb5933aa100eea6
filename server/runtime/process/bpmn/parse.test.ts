import { describe, expect, it } from 'vitest'
import { compileProcess } from './compile.ts'
import { parseBpmn } from './parse.ts'

const HEAD = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:certflow="https://certflow.dev/bpmn/1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">'
/** The body begins in line 3. */
const file = (body: string): string => `${HEAD}\n<bpmn:process id="p" isExecutable="true">\n${body}\n</bpmn:process>\n</bpmn:definitions>`
const parse = (body: string) => parseBpmn(file(body), 'a/p.bpmn')
const problems = async (body: string) => (await parse(body)).findings.map(f => `${f.line} ${f.level} ${f.code}: ${f.message} -> ${f.fix}`)

describe('parsing a process', () => {
  it('reads everything the certflow namespace says about a task', async () => {
    const { process, findings } = await parse(`<bpmn:userTask id="t" name="审核" certflow:role="city province" certflow:org="school.city" certflow:status="S" certflow:edit="a b[].c" certflow:delete="true" certflow:due="add working days(receivedAt, 3)" certflow:draft="true" certflow:form="x/y">
<bpmn:extensionElements>
<certflow:outcome id="ok" label="通过" style="primary" comment="required" signature="drawn" form="x/z" when="a &gt; 1" bulk="批量" confirm="确定？" role="city"/>
</bpmn:extensionElements></bpmn:userTask>`)

    expect(findings).toEqual([])
    expect(process?.elements.t).toEqual({
      id: 't', name: '审核', type: 'userTask', role: ['city', 'province'], org: 'school.city', status: 'S', edit: ['a', 'b[].c'], delete: true,
      due: 'add working days(receivedAt, 3)', draft: true, form: 'x/y', inputs: [], outputs: [], effects: [], line: 3,
      outcomes: [{ id: 'ok', label: '通过', style: 'primary', comment: 'required', signature: 'drawn', form: 'x/z', when: 'a > 1', bulk: '批量', confirm: '确定？', role: ['city'] }],
    })
  })
  it('reads effects in document order, on flows too', async () => {
    const { process, findings } = await parse(`<bpmn:startEvent id="a"/><bpmn:endEvent id="b"/>
<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn:extensionElements>
<certflow:make id="bill" into="payment" from="rows(&quot;entry&quot;)[item.paid = false]" key="plan" groupBy="school" link="payment" onExisting="skip">
<certflow:value name="n">count(group)</certflow:value><certflow:unless id="none" if="count(group) = 0" reason="没有数据"/></certflow:make>
<certflow:set><certflow:value name="at">now</certflow:value></certflow:set>
</bpmn:extensionElements></bpmn:sequenceFlow>`)

    expect(findings).toEqual([])
    expect(process?.flows.f?.effects).toEqual([
      { kind: 'make', id: 'bill', into: 'payment', from: 'rows("entry")[item.paid = false]', key: 'plan', groupBy: 'school', link: 'payment', onExisting: 'skip', values: [{ name: 'n', expr: 'count(group)' }], unless: [{ id: 'none', if: 'count(group) = 0', reason: '没有数据' }] },
      { kind: 'set', id: 'set2', values: [{ name: 'at', expr: 'now' }], unless: [] },
    ])
  })
  it('reads ISO times as the FEEL values they spell', async () => {
    const timer = (kind: string, text: string) => parse(`<bpmn:intermediateCatchEvent id="c"><bpmn:timerEventDefinition><bpmn:${kind}>${text}</bpmn:${kind}></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`)
    const read = async (kind: string, text: string) => (await timer(kind, text)).process?.elements.c?.timer

    expect(await read('timeDuration', 'P3D')).toEqual({ kind: 'duration', expr: 'duration("P3D")' })
    expect(await read('timeDate', '2026-05-10T24:00:00+08:00')).toEqual({ kind: 'date', expr: 'date and time("2026-05-10T24:00:00+08:00")' })
    expect(await read('timeCycle', 'R/2026-01-01T01:00:00/P1D')).toEqual({ kind: 'cycle', expr: '"R/2026-01-01T01:00:00/P1D"' })
    expect(await read('timeDate', 'plan.window.end')).toEqual({ kind: 'date', expr: 'plan.window.end' })
  })
  it('reads links, escalations and signals with their names', async () => {
    const { process, findings } = await parseBpmn(file(`<bpmn:startEvent id="s"><bpmn:signalEventDefinition signalRef="s1"/></bpmn:startEvent>
<bpmn:startEvent id="c"><bpmn:conditionalEventDefinition><bpmn:condition>paid</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>
<bpmn:inclusiveGateway id="g" default="d"/><bpmn:sequenceFlow id="d" sourceRef="g" targetRef="go"/>
<bpmn:intermediateThrowEvent id="go"><bpmn:linkEventDefinition name="L"/></bpmn:intermediateThrowEvent><bpmn:intermediateCatchEvent id="come"><bpmn:linkEventDefinition name="L"/></bpmn:intermediateCatchEvent>
<bpmn:subProcess id="sub"/><bpmn:boundaryEvent id="b" attachedToRef="sub" cancelActivity="false"><bpmn:escalationEventDefinition/></bpmn:boundaryEvent>
<bpmn:subProcess id="ev" triggeredByEvent="true"><bpmn:startEvent id="on"><bpmn:escalationEventDefinition escalationRef="x1"/></bpmn:startEvent></bpmn:subProcess>
<bpmn:intermediateThrowEvent id="tell"><bpmn:escalationEventDefinition escalationRef="x1"/></bpmn:intermediateThrowEvent><bpmn:endEvent id="up"><bpmn:escalationEventDefinition escalationRef="x2"/></bpmn:endEvent>
<bpmn:endEvent id="e"><bpmn:signalEventDefinition signalRef="s1"/></bpmn:endEvent>`).replace('<bpmn:process', '<bpmn:signal id="s1" name="open"/><bpmn:escalation id="x1" name="late" escalationCode="LATE"/><bpmn:escalation id="x2" name="named"/><bpmn:process'), 'f')

    expect(findings).toEqual([])
    const read = Object.values(process?.elements ?? {}).map(e => [e.id, e.event, e.signal ?? e.escalationCode ?? e.link ?? e.condition, e.interrupting].filter(x => x !== undefined).join(' '))
    expect(read).toEqual(['s signal open true', 'c conditional paid true', 'g', 'go link L', 'come link L', 'sub', 'b escalation false', 'ev', 'on escalation LATE true', 'tell escalation LATE', 'up escalation named', 'e signal open'])
    expect(process?.flows.d).toMatchObject({ isDefault: true })
  })
  it('takes the executable process as the main one and keeps the others for its calls', async () => {
    const xml = `${HEAD}<bpmn:process id="helper"/>\n<bpmn:process id="main" isExecutable="true"/></bpmn:definitions>`
    const { process, others, findings } = await parseBpmn(xml, 'f')

    expect([process?.id, Object.keys(others), findings]).toEqual(['main', ['helper'], []])
  })
  it('puts a called process in the place of its call activity', async () => {
    const called = (await parse('<bpmn:startEvent id="in"/><bpmn:sequenceFlow id="f" sourceRef="in" targetRef="t"/><bpmn:userTask id="t"/>')).process
    const { process } = await parseBpmn(file('<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="call"/><bpmn:callActivity id="call" calledElement="hook"/>').replace('id="p"', 'id="main"'), 'f')
    if (!called || !process) throw new Error('not read')

    const compiled = compileProcess(process, { resolve: id => (id === 'hook' ? called : undefined) })

    expect(compiled.elements.call?.type).toBe('subProcess')
    expect(compiled.elements['call/t']).toMatchObject({ id: 'call/t', scope: 'call', type: 'userTask' })
    expect(compiled.flows['call/f']).toMatchObject({ source: 'call/in', target: 'call/t' })
    expect(compileProcess(process, { resolve: () => process }).elements.call?.type).toBe('callActivity')
  })
})

describe('findings of the parser', () => {
  it('name the line of malformed XML', async () => {
    const { process, findings } = await parseBpmn(`${HEAD}\n<bpmn:process id="p">\n<bpmn:task id="a">\n</bpmn:process></bpmn:definitions>`, 'a/p.bpmn')

    expect(process).toBeNull()
    expect(findings).toMatchObject([{ file: 'a/p.bpmn', line: 4, level: 'error', code: 'bpmn.xml' }])
  })
  it('say what an empty or foreign file is', async () => {
    expect((await parseBpmn('', 'f')).findings).toMatchObject([{ code: 'bpmn.xml', line: 1 }])
    expect((await parseBpmn('<html/>', 'f')).findings).toMatchObject([{ code: 'bpmn.root' }])
    expect((await parseBpmn(`${HEAD}</bpmn:definitions>`, 'f')).findings).toMatchObject([{ code: 'bpmn.main' }])
  })
  it('refuse elements that are not supported, and say what to draw instead', async () => {
    expect(await problems('<bpmn:complexGateway id="g"/>')).toEqual(['3 error bpmn.notSupported: <complexGateway> g is not supported yet -> draw exclusive, parallel and inclusive gateways'])
    expect((await problems('<bpmn:userTask id="t"><bpmn:multiInstanceLoopCharacteristics>\n<bpmn:inputDataItem/></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>'))[0]).toMatch(/^4 error bpmn.notSupported: <inputDataItem> is not supported yet -> write certflow:each/)
    expect((await problems('<bpmn:startEvent id="s"><bpmn:errorEventDefinition/></bpmn:startEvent>'))[0]).toMatch(/an error event is not supported yet on <startEvent> s/)
    expect((await problems('<bpmn:boundaryEvent id="b" attachedToRef="t"><bpmn:linkEventDefinition name="L"/></bpmn:boundaryEvent><bpmn:userTask id="t"/>'))[0]).toMatch(/a link event is not supported yet on <boundaryEvent> b/)
    expect((await problems('<bpmn:eventBasedGateway id="g" eventGatewayType="Parallel"/>'))[0]).toMatch(/eventGatewayType="Parallel" on g is not supported yet/)
    expect((await problems('<bpmn:task id="t" startQuantity="2"/>'))[0]).toMatch(/startQuantity="2" on t is not supported yet/)
  })
  it('name attributes and elements of the namespace that are not read, and where they belong', async () => {
    expect(await problems('<bpmn:userTask id="t"\n  certflow:operation="x/y"/>')).toEqual(['4 error certflow.attribute: certflow:operation on <userTask> t is not read -> certflow:operation belongs on serviceTask'])
    expect((await problems('<bpmn:userTask id="t" certflow:each="x"/>'))[0]).toMatch(/certflow:each on <userTask> t is not read/)
    expect((await problems('<bpmn:userTask id="t" role="x"/>'))[0]).toMatch(/bpmn.attribute: .* "role", which is not read -> write certflow:role/)
    expect((await problems('<bpmn:sendTask id="t"><bpmn:extensionElements>\n<certflow:outcome id="a" label="b"/></bpmn:extensionElements></bpmn:sendTask>'))).toEqual(['4 error certflow.element: <certflow:outcome> in <sendTask> t is not read -> known here: certflow:set, certflow:make'])
    expect((await problems('<bpmn:task id="t"><bpmn:extensionElements><certflow:set values="{}"><certflow:value name="a">1</certflow:value></certflow:set></bpmn:extensionElements></bpmn:task>'))[0]).toMatch(/"values".*one <certflow:value/)
  })
  it('name missing and impossible values', async () => {
    expect((await problems('<bpmn:userTask id="t"><bpmn:extensionElements>\n<certflow:outcome id="a" comment="maybe"/></bpmn:extensionElements></bpmn:userTask>'))).toEqual([
      '4 error certflow.value: comment="maybe" is not known -> use one of: none, optional, required',
      '4 error certflow.missing: <certflow:outcome> has no "label" -> write label="…"',
    ])
    expect((await problems('<bpmn:task id="t"><bpmn:extensionElements><certflow:set/></bpmn:extensionElements></bpmn:task>'))[0]).toMatch(/sets nothing/)
    expect((await problems('<bpmn:intermediateCatchEvent id="c"><bpmn:timerEventDefinition/></bpmn:intermediateCatchEvent>'))[0]).toMatch(/c has no single time/)
    expect((await problems('<bpmn:intermediateThrowEvent id="c"><bpmn:linkEventDefinition/></bpmn:intermediateThrowEvent>'))[0]).toMatch(/c has no link name/)
    expect((await problems('<bpmn:endEvent id="c"><bpmn:escalationEventDefinition/></bpmn:endEvent>'))[0]).toMatch(/c has no escalation -> refer to a <bpmn:escalation/)
    expect((await problems('<bpmn:startEvent id="c"><bpmn:signalEventDefinition/></bpmn:startEvent>'))[0]).toMatch(/c has no signal name/)
    expect((await problems('<bpmn:intermediateCatchEvent id="c"><bpmn:messageEventDefinition/></bpmn:intermediateCatchEvent>'))[0]).toMatch(/c has no message name/)
  })
  it('name references to nothing, ids used twice and elements without id', async () => {
    expect(await problems('<bpmn:startEvent id="s"/>\n<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="nowhere"/>')).toEqual(['4 error bpmn.reference: f: targetRef refers to "nowhere", which does not exist -> refer to an id of this file'])
    expect((await problems('<bpmn:startEvent id="s"/>\n<bpmn:endEvent id="s"/>'))).toEqual(['4 error bpmn.duplicateId: id "s" is used again (first in line 3) -> give every element an id of its own'])
    expect((await problems('<bpmn:task/>'))[0]).toMatch(/<task> has no id/)
  })
  it('name a default flow that belongs to another element', async () => {
    expect((await problems('<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g" default="f"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="g"/>'))[0]).toMatch(/^3 error bpmn.reference: g: default="f" is a flow that does not leave it/)
  })
  it('name flows that leave their sub-process', async () => {
    expect((await problems('<bpmn:subProcess id="sub"><bpmn:task id="in"/></bpmn:subProcess>\n<bpmn:task id="out"/>\n<bpmn:sequenceFlow id="f" sourceRef="in" targetRef="out"/>'))[0]).toMatch(/^5 error bpmn.flowLeavesScope/)
  })
  it('warn of what other tools wrote', async () => {
    expect((await problems('<bpmn:userTask id="t" camunda:assignee="x"/>'))).toEqual(['3 warning bpmn.foreign: attribute camunda:assignee on t belongs to another tool and has no effect here -> write certflow:assignee="…" for what it says, then remove it'])
  })
  it('accept what is only drawn', async () => {
    expect(await problems('<bpmn:laneSet id="l"><bpmn:lane id="x"/></bpmn:laneSet><bpmn:textAnnotation id="n"><bpmn:text>说明</bpmn:text></bpmn:textAnnotation><bpmn:task id="t"><bpmn:documentation>x</bpmn:documentation></bpmn:task>')).toEqual([])
  })
})
