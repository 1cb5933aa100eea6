import { describe, expect, it } from 'vitest'
import type { TemplateDef } from '../../definitions/model.ts'
import { fileNameOf } from '../files/file-name.ts'
import { renderHtml } from '../html/render-html.ts'
import { renderText } from '../render-text.ts'
import type { CompiledTemplate, DocumentContext, RenderEnv } from '../types.ts'
import { compileTemplate } from './compile-template.ts'

const env: RenderEnv = { now: 0, zone: 'Asia/Shanghai', readFile: () => Promise.resolve(null), site: { baseUrl: 'https://example.test' } }
const definition = (parts: Partial<TemplateDef>): TemplateDef => ({
  id: 't', family: 'f', title: { zh: '测试' }, kind: 'pdf', entity: 'thing', data: { name: { path: 'name' }, items: { rows: 'group', columns: { title: { path: 'title' } } } },
  scope: 'record', html: '<p>{{name}}</p>', css: '', sample: {}, file: 'templates/f/t/template.json', ...parts,
})
const compiled = (parts: Partial<TemplateDef>): CompiledTemplate => {
  const { template, findings } = compileTemplate(definition(parts))
  expect(findings).toEqual([])
  if (!template) throw new Error('not compiled')
  return template
}
const findingsOf = (parts: Partial<TemplateDef>): string[] => {
  const { template, findings } = compileTemplate(definition(parts))
  expect(template).toBeUndefined()
  return findings.map(({ file, line, code }) => `${file}:${line} ${code}`)
}
const bodyOf = (parts: Partial<TemplateDef>, context: DocumentContext): string => compiled(parts).body(context, env).text

describe('what a template may not do', () => {
  it.each([
    ['a partial', '<p>\n{{> other}}</p>', 2, 'TEMPLATE_REFUSED'],
    ['a decorator', '{{* inline}}', 1, 'TEMPLATE_REFUSED'],
    ['an inline partial', '{{#*inline "x"}}y{{/inline}}', 1, 'TEMPLATE_REFUSED'],
    ['an unknown helper', '\n\n{{shell name}}', 3, 'TEMPLATE_HELPER'],
    ['the log helper', '{{log name}}', 1, 'TEMPLATE_HELPER'],
    ['unescaped output', '<p>\n{{{name}}}</p>', 2, 'TEMPLATE_UNESCAPED'],
    ['a constructor', '{{name.constructor}}', 1, 'TEMPLATE_FIELD'],
    ['a prototype by lookup path', '{{name.__proto__.x}}', 1, 'TEMPLATE_FIELD'],
    ['an undeclared field', '{{name}}\n{{surname}}', 2, 'TEMPLATE_FIELD'],
    ['an undeclared column of a list', '{{#each items}}\n{{price}}{{/each}}', 2, 'TEMPLATE_FIELD'],
    ['an undeclared field in a helper', '{{default (mask idNo "3:5:4") "x"}}', 1, 'TEMPLATE_FIELD'],
    ['an unknown @ name', '{{@render}}', 1, 'TEMPLATE_FIELD'],
    ['a parent above the document', '{{../name}}', 1, 'TEMPLATE_FIELD'],
    ['an unclosed block', '<p>\n{{#if name}}\nx', 3, 'TEMPLATE_SYNTAX'],
    ['a wrongly closed block', '{{#if name}}\n{{/each}}', 1, 'TEMPLATE_SYNTAX'],
    ['a script', '<p>\n<script>x</script>', 2, 'TEMPLATE_MARKUP'],
    ['a handler', '<p onload="x()">', 1, 'TEMPLATE_MARKUP'],
    ['a picture from the network', '<img src="http://example.test/x.png">', 1, 'TEMPLATE_NETWORK'],
    ['a value in an unquoted attribute', '<p class={{name}}>', 1, 'TEMPLATE_MARKUP'],
    ['an id kept for the marks', '<p id="certflow-doc-1">', 1, 'TEMPLATE_MARKUP'],
  ])('refuses %s at its line', (_what, html, line, code) => {
    expect(findingsOf({ html })).toContain(`templates/f/t/template.hbs:${line} ${code}`)
  })
  it('refuses styles that fetch', () => {
    expect(findingsOf({ css: 'p{color:red}\n@import "x";\nb{background:url(https://example.test/x)}' })).toEqual(['templates/f/t/style.css:2 TEMPLATE_NETWORK', 'templates/f/t/style.css:3 TEMPLATE_NETWORK'])
  })
  it('names the part of template.json that is wrong', () => {
    const { findings } = compileTemplate(definition({ filename: '{{surname}}', paper: 'A99', margins: 'wide', perPage: 0 }))
    expect(findings.map((finding) => finding.message)).toEqual(['paper "A99" is unknown', 'margins "wide" are no lengths', 'perPage 0 is no count', 'filename: "surname" is not in the template\'s data'])
  })
  it('refuses a sheet wider than its columns and styles it does not declare', () => {
    const { findings } = compileTemplate(definition({ kind: 'xlsx', sheet: { columns: [10], blocks: { head: { rows: [[{ text: 'a', style: 'bold' }, 'b']] } } } }))
    expect(findings.map((finding) => finding.message)).toEqual(['sheet/blocks/head is 2 columns wide, the sheet 1', 'sheet/blocks/head uses the style "bold"'])
  })
})

describe('what a template prints', () => {
  it('escapes every value of the data', () => {
    expect(bodyOf({}, { name: '<b>"甲" & \'乙\'</b>' })).toBe('<p>&lt;b&gt;&quot;甲&quot; &amp; &#x27;乙&#x27;&lt;/b&gt;</p>')
  })
  it('escapes the cells of the table helper', () => {
    expect(bodyOf({ html: '{{table items title="题<"}}' }, { items: [{ title: '<i>' }] })).toBe('<table><thead><tr><th>题&lt;</th></tr></thead><tbody><tr><td>&lt;i&gt;</td></tr></tbody></table>')
  })
  it('reaches nothing inherited, whatever the data is made of', () => {
    class Person { get secret(): string { return 'leak' } }
    const context = { name: new Person() as unknown }
    expect(bodyOf({ html: '[{{name.secret}}{{lookup name "constructor"}}{{lookup name "__proto__"}}{{lookup (lookup name "constructor") "name"}}]' }, context)).toBe('[]')
  })
  it('sees the document from inside a list', () => {
    const html = '{{#each items}}{{inc @index}}.{{title}}/{{../name}}/{{@root.name}} {{/each}}{{#if (eq name "甲")}}是{{else}}否{{/if}}'
    expect(bodyOf({ html }, { name: '甲', items: [{ title: 'x' }, { title: 'y' }] })).toBe('1.x/甲/甲 2.y/甲/甲 是')
  })
  it('says file, line and value when a helper cannot work', () => {
    const template = compiled({ html: '<p>\n{{date name}}</p>' })
    expect(() => template.body({ name: '明天' }, env)).toThrow(/template\.hbs: line 2: \{\{date\}\}: "明天" is no date/)
  })
  it('shows a box for an absent picture and refuses a required one', async () => {
    expect(await renderHtml(compiled({ html: '{{image name alt="照片"}}' }), [{ name: null }], env)).toContain('image-absent')
    await expect(renderHtml(compiled({ html: '{{image name alt="照片" required=true}}' }), [{ name: null }], env)).rejects.toMatchObject({ code: 'DOCUMENT_IMAGE_MISSING', userMessage: '缺少“照片”图片，请上传后重试' })
  })
  it('refuses a file that only claims to be a picture', async () => {
    const lying: RenderEnv = { ...env, readFile: () => Promise.resolve({ bytes: Buffer.from('<svg onload="x()"/>'), type: 'image/png' }) }
    await expect(renderHtml(compiled({ html: '{{image name}}' }), [{ name: 'f1' }], lying)).rejects.toMatchObject({ code: 'DOCUMENT_IMAGE_INVALID' })
  })
  it('keeps a seal\'s position inside its declaration', () => {
    const template = compiled({ html: '{{seal name x="10mm;background:red" y="1mm"}}' })
    expect(() => template.body({ name: 'f1' }, env)).toThrow('x="10mm;background:red" is no length')
  })
})

describe('names and messages', () => {
  it('names a ticket by its pattern (VSLC-184)', () => {
    const template = compiled({ filename: '{{name}}({{items}})-{{name}}.pdf' })
    expect(fileNameOf(template, { name: '甲&乙', items: '0012' }, env, 'pdf')).toBe('甲&乙(0012)-甲&乙.pdf')
  })
  it('writes messages unescaped, with a subject of one line', () => {
    const template = compiled({ kind: 'text', html: '{{name}}：\r\n您好 <ok>  \n', subject: '通知\n{{name}}' })
    expect(renderText(template, { name: '甲&乙\r\nBcc: x' }, env)).toEqual({ subject: '通知 甲&乙 Bcc: x', text: '甲&乙\nBcc: x：\n您好 <ok>' })
  })
})
