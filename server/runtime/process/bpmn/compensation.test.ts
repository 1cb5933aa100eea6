import { describe, expect, it } from 'vitest'
import { compileProcess } from './compile.ts'
import { lintProcess } from './lint/index.ts'
import { parseBpmn } from './parse.ts'

const OK = '<bpmn:extensionElements><certflow:outcome id="ok" label="确定"/></bpmn:extensionElements>'
interface Parts { association?: string; handler?: string; thrown?: string; more?: string }
/** The boundary event stands in line 4, its handler in line 5, what throws in line 6. */
const xml = ({ association = '<bpmn:association id="as" sourceRef="b" targetRef="h"/>', handler = ' isForCompensation="true"', thrown = '<bpmn:compensateEventDefinition/>', more = '' }: Parts = {}): string => `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:certflow="https://certflow.dev/bpmn/1" targetNamespace="t">
<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f0" sourceRef="s" targetRef="t"/>
<bpmn:userTask id="t" certflow:role="r">${OK}</bpmn:userTask><bpmn:sequenceFlow id="f1" sourceRef="t" targetRef="e"/>
<bpmn:boundaryEvent id="b" attachedToRef="t"><bpmn:compensateEventDefinition/></bpmn:boundaryEvent>${association}
<bpmn:userTask id="h" certflow:role="r"${handler}>${OK}</bpmn:userTask>
<bpmn:endEvent id="e">${thrown}</bpmn:endEvent>${more}
</bpmn:process></bpmn:definitions>`
const said = async (parts?: Parts): Promise<string[]> => {
  const { process, findings } = await parseBpmn(xml(parts), 'p.bpmn')
  const linted = process ? lintProcess(compileProcess(process)).filter(f => !f.code.startsWith('diagram.')) : []
  return [...findings, ...linted].map(f => `${f.line} ${f.level} ${f.code}: ${f.message} -> ${f.fix}`)
}

describe('compensation in BPMN', () => {
  it('is read from the boundary event, its association in either direction, and the throw event', async () => {
    for (const association of ['<bpmn:association id="as" sourceRef="b" targetRef="h"/>', '<bpmn:association id="as" sourceRef="h" targetRef="b"/>']) {
      const { process, findings } = await parseBpmn(xml({ association, thrown: '<bpmn:compensateEventDefinition activityRef="t"/>' }), 'p.bpmn')
      expect(findings).toEqual([])
      expect(process?.elements.b).toMatchObject({ event: 'compensate', attachedTo: 't', handler: 'h' })
      expect(process?.elements.h?.forCompensation).toBe(true)
      expect(process?.elements.e).toMatchObject({ event: 'compensate', activityRef: 't' })
    }
    expect(await said()).toEqual([])
  })
  it('is put in place with a called process', async () => {
    const called = (await parseBpmn(xml({ thrown: '<bpmn:compensateEventDefinition activityRef="t"/>' }), 'p.bpmn')).process
    const main = (await parseBpmn('<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"><bpmn:process id="m" isExecutable="true"><bpmn:callActivity id="c" calledElement="p"/></bpmn:process></bpmn:definitions>', 'm.bpmn')).process
    if (!called || !main) throw new Error('not read')
    const compiled = compileProcess(main, { resolve: () => called })
    expect([compiled.index.undo, compiled.elements['c/e']?.activityRef]).toEqual([{ 'c/t': 'c/h' }, 'c/t'])
  })
})

describe('lint of compensation', () => {
  it('finds a boundary without handler, and a handler that is not marked or not joined', async () => {
    expect(await said({ association: '', handler: '' })).toEqual(expect.arrayContaining([expect.stringMatching(/^4 error undo.handler: compensation event b has no handler/)]))
    expect(await said({ handler: '' })).toEqual(expect.arrayContaining([expect.stringMatching(/^5 error undo.handler: h undoes t, but is not marked/)]))
    expect(await said({ association: '' })).toEqual(expect.arrayContaining([expect.stringMatching(/^5 error undo.unused: h is for compensation, but no/)]))
  })
  it('finds sequence flows where associations belong', async () => {
    expect(await said({ more: '<bpmn:sequenceFlow id="f9" sourceRef="b" targetRef="e"/>' })).toEqual([expect.stringMatching(/^4 error undo.flow: a sequence flow leaves the compensation event b/)])
    expect(await said({ more: '<bpmn:sequenceFlow id="f9" sourceRef="h" targetRef="e"/>' })).toEqual([expect.stringMatching(/^5 error undo.flow: h is for compensation and has sequence flows/)])
  })
  it('finds what undoes nothing and what nobody asks to undo', async () => {
    expect(await said({ thrown: '' })).toEqual([expect.stringMatching(/^4 warning undo.never: b can undo t, but nothing ever asks for it/)])
    expect(await said({ thrown: '<bpmn:compensateEventDefinition activityRef="h"/>' })).toEqual([expect.stringMatching(/^6 error undo.nothing: e compensates h, which nothing undoes/)])
    expect(await said({ thrown: '<bpmn:compensateEventDefinition waitForCompletion="false"/>' })).toEqual([expect.stringMatching(/^6 error bpmn.notSupported: waitForCompletion="false"/)])
  })
})
