import { describe, expect, it } from 'vitest'
import { compileProcess } from './compile.ts'
import { lintProcess } from './lint/index.ts'
import { parseBpmn } from './parse.ts'

/** The task begins in line 3. */
const xml = (task: string, condition = 'count(outcomes[item = "yes"]) &gt; 1', extra = ''): string => `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:certflow="https://certflow.dev/bpmn/1" targetNamespace="t">
<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f0" sourceRef="s" targetRef="t"/>
${task}
<bpmn:exclusiveGateway id="g" default="f3"/><bpmn:sequenceFlow id="f1" sourceRef="t" targetRef="g"/><bpmn:endEvent id="e"/><bpmn:endEvent id="n"/>
<bpmn:sequenceFlow id="f2" sourceRef="g" targetRef="e"><bpmn:conditionExpression>${condition}</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:sequenceFlow id="f3" sourceRef="g" targetRef="n"/>
${extra}</bpmn:process></bpmn:definitions>`
const OUTCOMES = '<bpmn:extensionElements><certflow:outcome id="yes" label="同意"/><certflow:outcome id="no" label="不同意"/></bpmn:extensionElements>'
const task = (loop: string, more = ''): string => `<bpmn:userTask id="t" certflow:role="r"${more}>${OUTCOMES}\n${loop}</bpmn:userTask>`
const read = async (loop: string) => (await parseBpmn(xml(task(loop)), 'p.bpmn')).process?.elements.t?.loop
const said = async (text: string): Promise<string[]> => {
  const { process, findings } = await parseBpmn(text, 'p.bpmn')
  const linted = process ? lintProcess(compileProcess(process)).filter(f => !f.code.startsWith('diagram.')) : []
  return [...findings, ...linted].map(f => `${f.line} ${f.level} ${f.code}: ${f.message} -> ${f.fix}`)
}

describe('loop characteristics', () => {
  it('are read from what BPMN writes', async () => {
    expect(await read('<bpmn:multiInstanceLoopCharacteristics certflow:each="experts" certflow:distinct="true"><bpmn:completionCondition>nrOfCompletedInstances &gt; 1</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>'))
      .toEqual({ how: 'parallel', each: 'experts', distinct: true, until: 'nrOfCompletedInstances > 1', line: 4 })
    expect(await read('<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>')).toEqual({ how: 'sequential', count: '3', line: 4 })
    expect(await read('<bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="5"><bpmn:loopCondition>outcome = "no"</bpmn:loopCondition></bpmn:standardLoopCharacteristics>')).toEqual({ how: 'standard', while: 'outcome = "no"', testBefore: true, most: 5, line: 4 })
  })
  it('bring their expressions with their lines', async () => {
    const { process } = await parseBpmn(xml(task('<bpmn:multiInstanceLoopCharacteristics certflow:each="experts">\n<bpmn:completionCondition>nrOfCompletedInstances &gt; 1</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>', ' certflow:assignee="each"')), 'p.bpmn')
    if (!process) throw new Error('not read')
    expect(compileProcess(process).expressions.filter(e => e.element === 't')).toEqual([
      { element: 't', use: 'assignee', text: 'each', line: 3 }, { element: 't', use: 'each', text: 'experts', line: 4 }, { element: 't', use: 'condition', text: 'nrOfCompletedInstances > 1', line: 5 },
    ])
  })
})

describe('lint of loops', () => {
  it('has nothing to say of a countersign by majority', async () => {
    expect(await said(xml(task('<bpmn:multiInstanceLoopCharacteristics certflow:each="experts"><bpmn:completionCondition>count(outcomes[item = "yes"]) &gt; nrOfInstances / 2</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>', ' certflow:assignee="each"')))).toEqual([])
  })
  it('asks for whom or how often, and only once', async () => {
    expect((await said(xml(task('<bpmn:multiInstanceLoopCharacteristics/>'))))[0]).toMatch(/^4 error loop.count: t does not say for whom/)
    expect((await said(xml(task('<bpmn:multiInstanceLoopCharacteristics certflow:each="x"><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>'))))[0]).toMatch(/^4 error loop.count: t has certflow:each and/)
    expect((await said(xml(task('<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>0</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>'))))[0]).toMatch(/^4 error loop.count: t runs 0 times/)
  })
  it('refuses a standard loop without an end, and a maximum that is no number', async () => {
    expect((await said(xml(task('<bpmn:standardLoopCharacteristics/>'), 'outcome = "yes"')))[0]).toMatch(/^4 error loop.endless/)
    expect((await said(xml(task('<bpmn:standardLoopCharacteristics loopMaximum="many"/>'), 'outcome = "yes"')))[0]).toMatch(/^4 error bpmn.value: loopMaximum="many"/)
  })
  it('finds outcomes that the task does not have, and conditions that see only the last one', async () => {
    const loop = (until: string) => task(`<bpmn:multiInstanceLoopCharacteristics certflow:each="experts"><bpmn:completionCondition>${until}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>`)
    expect((await said(xml(loop('list contains(outcomes, "veto")'))))[0]).toMatch(/^4 error loop.outcome: .* names "veto", which is none of its outcomes \(yes, no\)/)
    expect(await said(xml(loop('nrOfCompletedInstances = 1'), 'outcome = "yes"'))).toEqual([expect.stringMatching(/^6 warning loop.lastOutcome/)])
  })
  it('finds items read where there are none, and in timers', async () => {
    const each = '<bpmn:multiInstanceLoopCharacteristics certflow:each="experts"/>'
    expect(await said(xml(task(each), 'each.ok = true'))).toEqual([expect.stringMatching(/^6 warning loop.name: "each.ok = true" of f2 reads "each"/)])
    const timer = '<bpmn:boundaryEvent id="b" attachedToRef="t"><bpmn:timerEventDefinition><bpmn:timeDate>each.end</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:sequenceFlow id="f9" sourceRef="b" targetRef="n"/>'
    expect((await said(xml(task(each), undefined, timer)))[0]).toMatch(/error loop.timer: the timer of b reads "each"/)
  })
  it('refuses to repeat what cannot be, and people where nobody acts', async () => {
    expect((await said(xml('<bpmn:intermediateThrowEvent id="t">\n<bpmn:standardLoopCharacteristics loopMaximum="2"/></bpmn:intermediateThrowEvent>', 'true')))[0]).toMatch(/^4 error bpmn.content: unparsable content <bpmn:standardLoopCharacteristics>/)
    expect((await said(xml('<bpmn:serviceTask id="t" certflow:operation="x/y">\n<bpmn:multiInstanceLoopCharacteristics certflow:each="x" certflow:distinct="true"/></bpmn:serviceTask>', 'true')))[0]).toMatch(/^4 error loop.distinct/)
  })
})
