import type { Finding, Json, Text, Dict } from '../model.ts'
import { isObject } from '../load/cursor.ts'
import { escapePointer, finding, locate } from '../load/doc.ts'
import type { Doc } from '../load/doc.ts'
import { suggest } from '../load/nearest.ts'

const TERM = /\{term\.([A-Za-z0-9_-]+)\}/g

/** Replaces {term.x} in every text of a document; English where the member is `en`. */
export const applyTerms = (doc: Doc, terms: Dict<Text>): { doc: Doc; findings: Finding[] } => {
  const findings: Finding[] = []
  let changed = false
  const visit = (value: Json, pointer: string, english: boolean): Json => {
    if (Array.isArray(value)) return value.map((v, i) => visit(v, `${pointer}/${i}`, english))
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, visit(v, `${pointer}/${escapePointer(k)}`, k === 'en')]))
    if (typeof value !== 'string' || !value.includes('{term.')) return value
    changed = true
    return value.replace(TERM, (whole, name: string) => {
      const term = terms[name]
      if (!term) findings.push(finding(locate(doc, pointer), 'term-unknown', `there is no term "${name}"`, suggest(name, Object.keys(terms))))
      return term ? (english ? (term.en ?? term.zh) : term.zh) : whole
    })
  }
  const value = visit(doc.value, '', false)
  return { doc: changed ? { ...doc, value } : doc, findings }
}

/** The same for a BPMN text, whose labels are Chinese. */
export const applyTermsToXml = (xml: string, terms: Dict<Text>): string =>
  xml.replace(TERM, (whole, name: string) => terms[name]?.zh.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`) ?? whole)
