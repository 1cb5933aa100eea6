import { describe, expect, it } from 'vitest'
import { replaceText, textParts } from './content-text.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('the text of a page', () => {
  it('is found with the font that holds at its place, also after the graphics state is restored', () => {
    const parts = textParts(bytes('q BT /F1 12 Tf <0102> Tj ET Q BT /F2 9 Tf [<03> -20 <04>] TJ q /F3 9 Tf <05> Tj Q <06> Tj ET'))
    expect(parts?.map((p) => (p.kind === 'text' ? [p.font, p.codes] : p.font))).toEqual(['F1', ['F1', [1, 2]], 'F2', ['F2', [3]], ['F2', [4]], 'F3', ['F3', [5]], ['F2', [6]]])
  })
  it('does not take a hex string of marked content for shown text', () => {
    const parts = textParts(bytes('/Span<</ActualText <FEFF4E00> >> BDC /F7 17.33 Tf 17.3 0 Td <2E> Tj EMC'))
    expect(parts).toMatchObject([{ kind: 'font', font: 'F7' }, { kind: 'text', font: 'F7', codes: [0x2e] }])
  })
  it('is given up where an inline image, text in brackets or a line operator stands', () => {
    expect([textParts(bytes('BI /W 1 ID x EI')), textParts(bytes('/F1 1 Tf (a) Tj')), textParts(bytes("/F1 1 Tf <41> '"))]).toEqual([null, null, null])
  })
  it('is replaced in its place and nowhere else', () => {
    const content = bytes('1 0 0 1 5 5 cm /F1 12 Tf <0102> Tj 0 0 m')
    const replaced = replaceText(content, textParts(content) ?? [], (part) => (part.kind === 'font' ? 'Own0' : 'AB'))
    expect(replaced.toString('latin1')).toBe('1 0 0 1 5 5 cm /Own0 12 Tf <AB> Tj 0 0 m')
  })
})
