import { BpmnModdle } from 'bpmn-moddle'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { compileProcess } from './compile.ts'
import { certflowDescriptor } from './descriptor.ts'
import { parseBpmn } from './parse.ts'

describe('certflow descriptor', () => {
  it.each(['exam-plan', 'pilot-application'])('lets a BPMN tool read and save %s without losing anything', async name => {
    const xml = await readFile(`tests/fixtures/processes/${name}.bpmn`, 'utf8')
    const moddle = new BpmnModdle({ certflow: certflowDescriptor })

    const { rootElement, warnings } = await moddle.fromXML(xml)
    const saved = await moddle.toXML(rootElement, { format: true })

    expect(warnings).toEqual([])
    const compiled = async (text: string) => {
      const { process, findings } = await parseBpmn(text, 'f')
      expect(findings).toEqual([])
      if (!process) throw new Error('not read')
      return JSON.parse(JSON.stringify(compileProcess(process), (key, value: unknown) => (key === 'line' ? 0 : value))) as unknown
    }
    expect(await compiled(saved.xml)).toEqual(await compiled(xml))
  })
})
