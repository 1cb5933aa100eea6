import type { Finding } from '../../definitions/model.ts'

interface Fault { pattern: RegExp; code: string; message: (found: string) => string; fix: string }

const OUTSIDE = 'Documents are printed without network: put the image in the record and use {{image}}'
const HTML_FAULTS: Fault[] = [
  { pattern: /<(script|iframe|object|embed|link|base|meta|form|frame|frameset|applet)\b/gi, code: 'TEMPLATE_MARKUP', message: (found) => `${found}> has no effect in a document`, fix: 'Remove it; styles belong in style.css' },
  { pattern: /\son[a-z]+\s*=/gi, code: 'TEMPLATE_MARKUP', message: (found) => `the handler${found.replace(/=$/, '')} never runs`, fix: 'Remove it: documents are printed with scripts off' },
  { pattern: /\b(?:src|srcset|poster|background)\s*=\s*["']?\s*(?:https?:|file:|\/\/)[^"'\s>]*/gi, code: 'TEMPLATE_NETWORK', message: (found) => `${found} would be fetched`, fix: OUTSIDE },
  { pattern: /\s[\w-]+=\{\{/g, code: 'TEMPLATE_MARKUP', message: (found) => `the attribute${found.slice(0, -3)} is not quoted`, fix: 'Write name="{{…}}", so that a value cannot leave its attribute' },
  { pattern: /\bid\s*=\s*["']?certflow-/gi, code: 'TEMPLATE_MARKUP', message: () => 'ids that begin with certflow- are kept for the marks of documents', fix: 'Choose another id' },
]
const CSS_FAULTS: Fault[] = [
  { pattern: /@import\b/gi, code: 'TEMPLATE_NETWORK', message: () => '@import would be fetched', fix: 'Write the rules into style.css' },
  { pattern: /url\(\s*["']?\s*(?!data:|#)[^)]*\)/gi, code: 'TEMPLATE_NETWORK', message: (found) => `${found} would be fetched`, fix: 'Use a data: address' },
  { pattern: /<\/?style/gi, code: 'TEMPLATE_MARKUP', message: () => 'style.css holds rules only', fix: 'Remove the tag' },
]

const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

function faultsIn(text: string, faults: Fault[], file: string): Finding[] {
  return faults.flatMap(({ pattern, code, message, fix }) => [...text.matchAll(pattern)].map((match): Finding => ({
    file, line: text.slice(0, match.index).split('\n').length, level: 'error', code, message: message(match[0]), fix,
  })))
}

/** Markup that could load, run or mislead: checked in the source, so that it is reported at its line. */
export const checkMarkup = (html: string, file: string): Finding[] =>
  faultsIn(html.replace(/\{\{!--[\s\S]*?--\}\}|<!--[\s\S]*?-->/g, blank), HTML_FAULTS, file)

export const checkStyle = (css: string, file: string): Finding[] => faultsIn(css.replace(/\/\*[\s\S]*?\*\//g, blank), CSS_FAULTS, file)
