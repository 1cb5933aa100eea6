import type { Finding } from '../../definitions/model.ts'
import type { HandlebarsInstance } from '../helpers/handlebars.ts'

export type Program = ReturnType<HandlebarsInstance['parse']>

/** Parses one text of a template; a mistake comes back as a finding at its line (counted from `firstLine`). */
export function parseText(handlebars: HandlebarsInstance, text: string, file: string, firstLine = 1): { program?: Program; finding?: Finding } {
  try {
    return { program: handlebars.parse(text) }
  } catch (error) {
    const message = (error as Error).message
    const mismatch = /^(.*?) - (\d+):(\d+)$/.exec(message)
    const line = mismatch ? Number(mismatch[2]) : Number(/line (\d+)/.exec(message)?.[1] ?? 1)
    return {
      finding: {
        file, line: firstLine + line - 1, level: 'error', code: 'TEMPLATE_SYNTAX',
        message: `Handlebars cannot read this: ${mismatch?.[1] ?? message.split('\n').slice(-1)[0]}`,
        fix: 'Close every {{#…}} with its {{/…}} and every {{ with }}',
      },
    }
  }
}
