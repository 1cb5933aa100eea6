import type { TemplateDef } from '../../definitions/model.ts'
import { DEFAULT_MARGINS, pageSizeOf } from './page-size.ts'

/** Outlines of TrueType print small and fast; characters it lacks fall back one by one. */
export const FONT_STACK = '"Droid Sans Fallback","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif'

const BASE = `
*{box-sizing:border-box}
html,body{margin:0;padding:0;background:#fff;color:#111;font:10.5pt/1.6 ${FONT_STACK};-webkit-print-color-adjust:exact;print-color-adjust:exact}
table{border-collapse:collapse;width:calc(100% - 2px)}
thead{display:table-header-group}
tr,.sheet tbody{break-inside:avoid}
.doc{position:relative}
.doc+.doc,.page-break{break-before:page}
.marks{display:none}
.image-absent{display:inline-flex;align-items:center;justify-content:center;color:#888;border:1px dashed #aaa}
.seal{position:absolute;mix-blend-mode:multiply}
`

/** The page set-up of a template: paper, margins, fonts, then the template's own rules. */
export function pageCss(def: TemplateDef): string {
  const size = pageSizeOf(def.paper, def.landscape)
  return `@page{size:${size?.width ?? 210}mm ${size?.height ?? 297}mm;margin:${def.margins ?? DEFAULT_MARGINS}}${BASE}${def.css}`
}
