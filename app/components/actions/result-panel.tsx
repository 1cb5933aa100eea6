import { Alert, Button, Modal, Table, Typography } from 'antd'
import { formatCount } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { Warnings } from '../ui/warnings.tsx'
import { refusedCsv, type Outcome } from './outcome.ts'

const download = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Done and refused, with every reason, and a secret that is shown once. */
export function ResultPanel({ title, outcome, onClose }: { title: string; outcome: Outcome; onClose: () => void }) {
  const t = useText()
  const head: [string, string] = [t('act.refused.title'), t('act.refused.reasons')]
  return (
    <Modal open title={title} onCancel={onClose} width={640} footer={<Button type="primary" onClick={onClose}>{t('common.close')}</Button>}>
      <p className="result-counts">
        {outcome.made === undefined || outcome.done ? <span className="ok">{t('act.doneCount', { n: formatCount(outcome.done) })}</span> : null}
        {outcome.made !== undefined ? <span>{t('act.made', { n: formatCount(outcome.made) })}</span> : null}
        {outcome.skipped ? <span>{t('job.skipped', { n: formatCount(outcome.skipped) })}</span> : null}
        {outcome.refused.length ? <span className="bad">{t('act.refusedCount', { n: formatCount(outcome.refused.length) })}</span> : null}
      </p>
      <Warnings warned={outcome.warned} />
      {outcome.secret ? <Alert type="warning" showIcon title={t('act.secret')} description={<Typography.Text code copyable>{outcome.secret}</Typography.Text>} /> : null}
      {outcome.refused.length ? (
        <>
          <Table size="small" rowKey="id" dataSource={outcome.refused} pagination={outcome.refused.length > 8 ? { pageSize: 8, showSizeChanger: false } : false}
            columns={[
              { key: 'title', title: head[0], dataIndex: 'title', width: 200 },
              { key: 'problems', title: head[1], render: (_value, row) => <ul className="reasons tight">{row.problems.map((problem, index) => <li key={index}>{problem.message}</li>)}</ul> },
            ]} />
          <Button type="link" onClick={() => download(`${title}.csv`, refusedCsv(outcome, head))}>{t('act.refused.download')}</Button>
        </>
      ) : null}
    </Modal>
  )
}
