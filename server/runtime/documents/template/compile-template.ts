import { dirname, join } from 'node:path'
import type { Finding, TemplateDef } from '../../definitions/model.ts'
import { createHandlebars } from '../helpers/handlebars.ts'
import { registerHelpers } from '../helpers/register-helpers.ts'
import { sheetTexts } from '../sheet/sheet-model.ts'
import type { Compilation, CompiledText } from '../types.ts'
import { fieldsOf } from './check-fields.ts'
import { checkMarkup, checkStyle } from './check-markup.ts'
import { checkMeta } from './check-meta.ts'
import { checkProgram } from './check-program.ts'
import { compileText } from './compile-text.ts'
import { parseText } from './parse-text.ts'

interface Files { meta: string; text: string; style: string }
const filesOf = (def: TemplateDef): Files => {
  const folder = /\.\w+$/.test(def.file) ? dirname(def.file) : def.file
  return { meta: join(folder, 'template.json'), text: join(folder, 'template.hbs'), style: join(folder, 'style.css') }
}

/** Compiles a template definition. With an error among the findings (file:line, what, cure) there is no template. */
export function compileTemplate(def: TemplateDef): Compilation {
  const handlebars = createHandlebars()
  registerHelpers(handlebars)
  const files = filesOf(def)
  const fields = fieldsOf(def.data)
  const findings: Finding[] = [...checkMeta(def, files.meta), ...checkStyle(def.css, files.style)]
  if (def.kind !== 'text') findings.push(...checkMarkup(def.html, files.text))

  const compile = (text: string, file: string, escape: boolean, where = ''): CompiledText | undefined => {
    const { program, finding } = parseText(handlebars, text, file)
    const own = finding ? [finding] : program ? checkProgram(program, fields, { file, escapes: escape }) : []
    findings.push(...(where === '' ? own : own.map((entry) => ({ ...entry, line: 1, message: `${where}: ${entry.message}` }))))
    return own.length === 0 && program ? compileText(handlebars, program, file, escape) : undefined
  }

  const body = compile(def.html, files.text, def.kind !== 'text')
  const fileName = compile(def.filename ?? def.title.zh, files.meta, false, 'filename')
  const subject = def.subject === undefined ? undefined : compile(def.subject, files.meta, false, 'subject')
  const cells = new Map<string, CompiledText>()
  for (const { text, where, fields: cellFields } of sheetTexts(def.sheet, fields)) {
    const { program, finding } = parseText(handlebars, text, files.meta)
    const own = finding ? [finding] : program ? checkProgram(program, cellFields, { file: files.meta, root: fields, escapes: false }) : []
    findings.push(...own.map((entry) => ({ ...entry, line: 1, message: `${where}: ${entry.message}` })))
    if (own.length === 0 && program) cells.set(text, compileText(handlebars, program, files.meta, false))
  }
  if (findings.some((finding) => finding.level === 'error') || !body || !fileName) return { findings }
  const cell = (text: string): CompiledText => {
    const compiled = cells.get(text)
    if (!compiled) throw new Error(`the cell text "${text}" was not compiled`)
    return compiled
  }
  return { findings, template: { def, body, fileName, cell, ...(subject ? { subject } : {}) } }
}

/** What is wrong with a template: the document engine's part of lint. */
export const checkTemplate = (def: TemplateDef): Finding[] => compileTemplate(def).findings
