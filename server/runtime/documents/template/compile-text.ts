import { DocumentError } from '../errors.ts'
import type { HandlebarsInstance } from '../helpers/handlebars.ts'
import { KNOWN_HELPERS } from '../helpers/register-helpers.ts'
import { openState } from '../helpers/render-state.ts'
import type { CompiledText } from '../types.ts'
import type { Program } from './parse-text.ts'

const knownHelpers = Object.fromEntries([...KNOWN_HELPERS].map((name) => [name, true]))

/** A checked text as a function of its context; `escape` off for texts that are no markup. `file` names it in errors. */
export function compileText(handlebars: HandlebarsInstance, program: Program, file: string, escape: boolean): CompiledText {
  const render = handlebars.compile<unknown>(program, { knownHelpers, knownHelpersOnly: true, noEscape: !escape, strict: false })
  return (context, env, place) => {
    const { key, state } = openState(env)
    try {
      const text = render(context, {
        data: { root: place?.root ?? context, index: place?.index ?? 0, render: key, now: env.now, site: { name: env.site?.name ?? '', baseUrl: env.site?.baseUrl ?? '' } },
        allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false, partials: {}, decorators: {},
      })
      return { text, images: state.images }
    } catch (error) {
      const reason = (error as Error).message
      throw new DocumentError('DOCUMENT_RENDER_FAILED', `${file}: ${reason}; correct the template or the data it is given`, `文档内容无法生成（模板 ${file}），请联系管理员检查模板与数据`, error)
    }
  }
}
