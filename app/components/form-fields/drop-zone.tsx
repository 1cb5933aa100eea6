import { InboxOutlined } from '@ant-design/icons'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { formatBytes } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { acceptAttribute, accepts } from './upload.ts'

interface Props { id?: string; accept: string[]; maxBytes?: number; pixels?: string; disabled?: boolean; compact?: boolean; onFile: (file: File) => void; children?: ReactNode }

/** A place to click or drop a file on; wrong types and too large files are refused before anything is sent. */
export function DropZone({ id, accept, maxBytes, pixels, disabled, compact, onFile, children }: Props) {
  const t = useText()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const take = (file: File | undefined): void => {
    if (!file || disabled) return
    const wrong = !accepts(file, accept) ? t('form.upload.type') : maxBytes && file.size > maxBytes ? t('form.upload.tooBig', { size: formatBytes(file.size), max: formatBytes(maxBytes) }) : null
    setProblem(wrong && `${file.name}：${wrong}`)
    if (!wrong) onFile(file)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files[0])
  }
  const hints = [accept.length && t('form.upload.accept', { ext: accept.join(' ') }), maxBytes && t('form.upload.max', { size: formatBytes(maxBytes) }), pixels && t('form.upload.pixels', { pixels })].filter(Boolean)
  return (
    <div>
      <button type="button" {...(id && { id })} disabled={disabled} className={`drop${over ? ' over' : ''}${compact ? ' compact' : ''}`} onClick={() => input.current?.click()} onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
        {children ?? <><InboxOutlined className="drop-icon" /><span>{t('form.upload')}</span></>}
        {hints.length ? <small>{hints.join(' · ')}</small> : null}
      </button>
      <input ref={input} type="file" hidden tabIndex={-1} accept={acceptAttribute(accept)} onChange={(event) => { take(event.target.files?.[0]); event.target.value = '' }} />
      {problem ? <p className="field-error" role="alert">{problem}</p> : null}
    </div>
  )
}
