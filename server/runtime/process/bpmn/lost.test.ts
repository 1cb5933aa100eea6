import { describe, expect, it } from 'vitest'
import { lostBetween } from './lost.ts'
import { readModel, writeModel } from './model.ts'

const file = (inner: string, attributes = ''): string => `<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:tool="urn:tool" id="d" targetNamespace="t"${attributes}>
<process id="p">
${inner}
</process></definitions>`
const whole = file('<task id="a" name="A" tool:colour="red"><extensionElements><tool:note lang="zh">说明</tool:note><tool:note lang="en">note</tool:note></extensionElements></task>\n<task id="b"/>')

describe('what is lost between two files', () => {
  it.each([
    ['a foreign attribute', ' tool:colour="red"', '', 'tool:colour="red" of a', 4], ['a value', 'name="A"', 'name="B"', 'name="A" of a', 4],
    ['one of two alike extension elements', '<tool:note lang="en">note</tool:note>', '', '<tool:note> in <extensionElements>', 4], ['a text', '说明', '说', 'the text of <note>', 4], ['an element', '<task id="b"/>', '', '<task> b in p', 5],
  ])('is told with its line: %s', (_what, there, instead, what, line) => {
    expect(lostBetween(whole, whole.replace(there, instead))).toContainEqual({ line, what })
  })
  it('is nothing where only prefixes, order, idle zeros and written-out defaults differ', () => {
    const other = whole.replaceAll('tool:', 'x:').replace('xmlns:x=', 'xmlns:x=').replace('xmlns:tool', 'xmlns:x')
    expect(lostBetween(whole, other)).toEqual([])
    expect(lostBetween(file('<task id="a" startQuantity="1"/><userTask id="b" x="1.0"/>'), file('<userTask id="b" x="1"/><task id="a"/>'))).toEqual([])
    expect(lostBetween(file('<task id="a" startQuantity="2"/>'), file('<task id="a"/>'))).toEqual([{ line: 4, what: 'startQuantity="2" of a' }])
  })
  it('is everything when the saved file cannot be read', () => {
    expect(lostBetween(whole, '<definitions>')[0]?.what).toMatch(/everything/)
  })
})

describe('a model that is read and written', () => {
  it('keeps references to what is not in the file, one or several', async () => {
    const xml = file('<property id="x" itemSubjectRef="xsd:string"/><userTask id="u"><ioSpecification><dataInput id="in"/><inputSet><dataInputRefs>in</dataInputRefs><dataInputRefs>elsewhere</dataInputRefs></inputSet><outputSet/></ioSpecification></userTask>')

    const written = await writeModel(await readModel(xml))

    expect(written).toContain('itemSubjectRef="xsd:string"')
    expect(written).toContain('elsewhere</')
    expect(lostBetween(xml, written)).toEqual([])
  })
  it('can be changed in between without touching what is foreign', async () => {
    const model = await readModel(whole)
    const process = (model.definitions.rootElements as { flowElements: { name?: string }[] }[])[0]
    if (process?.flowElements[0]) process.flowElements[0].name = '新名'

    expect(lostBetween(whole, await writeModel(model))).toEqual([{ line: 4, what: 'name="A" of a' }])
  })
  it('is refused when the XML is broken', async () => {
    await expect(readModel('<definitions')).rejects.toThrow()
  })
})
