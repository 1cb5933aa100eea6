import { Alert } from 'antd'
import type { Problem } from '#app/gateway/contracts.server.ts'

/** Reasons of a refusal, each with its way out. */
export function ProblemList({ problems, title }: { problems: Problem[]; title?: string }) {
  const lines = problems.map((problem, index) => (
    <li key={`${problem.code} ${index}`}>{problem.message}{problem.fix ? <span className="muted"> {problem.fix}</span> : null}</li>
  ))
  const only = problems.length === 1 && !title
  return <Alert type="error" showIcon role="alert" title={only ? problems[0]?.message : (title ?? '')} description={only ? problems[0]?.fix : <ul className="reasons">{lines}</ul>} />
}
