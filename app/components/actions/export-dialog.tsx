import { Modal, Skeleton } from 'antd'
import { useEffect, useState } from 'react'
import type { Problem } from '#app/gateway/contracts.server.ts'
import { formatCount } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { useJobs } from '../jobs/jobs-provider.tsx'
import { useAsk } from '../ui/ask.ts'
import { ProblemList } from '../ui/problem-list.tsx'
import type { DialogProps } from './dialog-props.ts'
import { chosenInput } from './subject.ts'

/** Says how many rows the export will hold before it starts: the ticked ones, or all that the query finds. */
export default function ExportDialog({ button, subject, onClose }: DialogProps) {
  const t = useText()
  const ask = useAsk()
  const jobs = useJobs()
  const [count, setCount] = useState<number | null>(null)
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)
  const [body] = useState(() => ({ entity: subject.entity, id: button.id, ...chosenInput(subject) }))
  useEffect(() => {
    void ask<{ count: number }>('export/count', body).then((result) => (result.ok ? setCount(result.count) : setProblems(result.problems)))
  }, [ask, body])
  const start = async (): Promise<void> => {
    setBusy(true)
    const result = await ask<{ job: string }>('export/start', body)
    setBusy(false)
    if (!result.ok) return setProblems(result.problems)
    onClose()
    jobs.follow(result.job)
  }
  return (
    <Modal open title={button.title} onCancel={onClose} onOk={() => void start()} okText={t('export.go')} cancelText={t('common.cancel')} confirmLoading={busy} okButtonProps={{ disabled: !count }}>
      {count === null && !problems.length ? <Skeleton active title={false} paragraph={{ rows: 2 }} /> : null}
      {count !== null ? <p className="export-count">{t(body.ids ? 'export.selected' : 'export.count', { n: formatCount(count) })}</p> : null}
      {count !== null ? <p className="muted">{t('export.note')}</p> : null}
      {problems.length ? <ProblemList problems={problems} /> : null}
    </Modal>
  )
}
