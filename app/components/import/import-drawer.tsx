import { Button, Drawer, Skeleton, Steps } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { FormTarget, ImportPreview, ImportView, JsonObject, Problem } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import type { DialogProps } from '../actions/dialog-props.ts'
import { SchemaForm, type FormHandle } from '../form/schema-form.tsx'
import type { Stored } from '../form-fields/upload.ts'
import { followedJobs } from '../jobs/followed-jobs.ts'
import { useAsk } from '../ui/ask.ts'
import { ProblemList } from '../ui/problem-list.tsx'
import { CheckStep } from './check-step.tsx'
import { ResultStep } from './result-step.tsx'
import { TemplateStep } from './template-step.tsx'
import { UploadStep } from './upload-step.tsx'

type Step = 'template' | 'params' | 'upload' | 'check' | 'result'

/** 下载模板 → 参数 → 上传 → 核对 → 结果, in one drawer. Nothing is written before the person has seen what was read. */
export default function ImportDrawer({ button, subject, onClose }: DialogProps) {
  const t = useText()
  const ask = useAsk()
  const [view, setView] = useState<ImportView | null>(null)
  const [step, setStep] = useState<Step>('template')
  const [params, setParams] = useState<JsonObject>({})
  const [file, setFile] = useState<Stored | null>(null)
  const [preview, setPreview] = useState<ImportPreview | null>(null)
  const [job, setJob] = useState<string | null>(null)
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)
  const form = useRef<FormHandle>(null)
  const target: FormTarget = useMemo(() => ({ entity: subject.entity, button: button.id }), [button.id, subject.entity])
  const body = useMemo(() => ({ entity: subject.entity, id: button.id }), [button.id, subject.entity])

  useEffect(() => {
    void ask<{ view: ImportView }>('import/describe', body).then((result) => (result.ok ? setView(result.view) : setProblems(result.problems)))
  }, [ask, body])

  const steps: Step[] = view?.params ? ['template', 'params', 'upload', 'check', 'result'] : ['template', 'upload', 'check', 'result']
  const move = (by: 1 | -1): void => setStep(steps[steps.indexOf(step) + by] ?? step)
  const takeParams = (): void => {
    const data = form.current?.check()
    if (!data) return
    setParams(data)
    move(1)
  }
  const stored = useCallback(async (uploaded: Stored) => {
    setProblems([])
    setFile(uploaded)
    setBusy(true)
    const result = await ask<{ preview: ImportPreview }>('import/preview', { ...body, file: uploaded.id, params })
    setBusy(false)
    if (!result.ok) return setProblems(result.problems)
    setPreview(result.preview)
    setStep('check')
  }, [ask, body, params])
  const start = async (): Promise<void> => {
    if (!file) return
    setBusy(true)
    const result = await ask<{ job: string }>('import/start', { ...body, file: file.id, params })
    setBusy(false)
    if (!result.ok) return setProblems(result.problems)
    followedJobs.start(result.job)
    setJob(result.job)
    setStep('result')
  }
  const again = (): void => {
    setFile(null)
    setPreview(null)
    setJob(null)
    setProblems([])
    setStep('upload')
  }
  // without a number of rows the file as a whole was refused
  const blocked = preview?.total === undefined || preview.columns.some((column) => column.required && column.found === null)
  const footer = (
    <div className="drawer-foot">
      {step === 'result' ? <Button onClick={again}>{t('import.another')}</Button> : <Button onClick={onClose}>{t('common.cancel')}</Button>}
      <span className="grow" />
      {step !== 'template' && step !== 'result' ? <Button onClick={step === 'check' ? again : () => move(-1)}>{step === 'check' ? t('import.another') : t('import.prev')}</Button> : null}
      {step === 'template' ? <Button type="primary" disabled={!view} onClick={() => move(1)}>{t('import.next')}</Button> : null}
      {step === 'params' ? <Button type="primary" onClick={takeParams}>{t('import.next')}</Button> : null}
      {step === 'check' ? <Button type="primary" disabled={blocked} loading={busy} onClick={() => void start()}>{t('import.start')}</Button> : null}
      {step === 'result' ? <Button type="primary" onClick={onClose}>{t('import.finish')}</Button> : null}
    </div>
  )
  return (
    <Drawer open size={760} title={button.title} onClose={onClose} mask={{ closable: false }} footer={footer}>
      <Steps size="small" current={steps.indexOf(step)} items={steps.map((name) => ({ title: t(`import.step.${name}`) }))} className="import-steps" />
      {problems.length ? <ProblemList problems={problems} /> : null}
      {!view && !problems.length ? <Skeleton active /> : null}
      {view && step === 'template' ? <TemplateStep view={view} /> : null}
      {view?.params && step === 'params' ? <SchemaForm handle={form} form={{ ...view.params, data: Object.keys(params).length ? params : view.params.data }} target={target} importId={button.id} /> : null}
      {view && step === 'upload' ? <UploadStep view={view} busy={busy} file={file} onStored={(uploaded) => void stored(uploaded)} /> : null}
      {preview && step === 'check' ? <CheckStep preview={preview} file={file?.name ?? ''} /> : null}
      {job && step === 'result' ? <ResultStep job={job} /> : null}
    </Drawer>
  )
}
