import { Alert } from 'antd'
import type { JsonObject, Problem } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { titleAt } from './error-schema.ts'
import { idOf } from './form-context.ts'

/** Brings the field at the path, or the nearest part around it, into view and into focus. */
export const focusField = (path: string): void => {
  for (let at = path; at; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const field = document.getElementById(idOf(at))
    if (!field) continue
    field.scrollIntoView({ block: 'center', behavior: 'smooth' })
    field.focus({ preventScroll: true })
    return
  }
}

/** All that has to be corrected, each entry leading to its field. */
export function ErrorSummary({ problems, schema, ui }: { problems: Problem[]; schema: JsonObject; ui: JsonObject }) {
  const t = useText()
  if (!problems.length) return null
  return (
    <Alert type="error" showIcon role="alert" className="error-summary" title={t('form.errors', { n: problems.length })} description={
      <ul className="reasons">
        {problems.map((problem, index) => {
          const { path } = problem
          return <li key={`${path ?? ''} ${index}`}>{path ? <><button type="button" className="link-button" onClick={() => focusField(path)}>{titleAt(schema, path, ui)}</button>：{problem.message}</> : problem.message}{problem.fix ? <span className="muted"> {problem.fix}</span> : null}</li>
        })}
      </ul>
    } />
  )
}
