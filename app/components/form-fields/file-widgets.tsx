import { DeleteOutlined, PaperClipOutlined, UploadOutlined } from '@ant-design/icons'
import type { WidgetProps } from '@rjsf/utils'
import { Button, Image, Progress } from 'antd'
import { useCallback, useState } from 'react'
import { useText } from '#app/text/use-text.ts'
import { pathOf, type FieldContext } from '../form/form-context.ts'
import { DropZone } from './drop-zone.tsx'
import type { Stored } from './upload.ts'
import { useUpload } from './use-upload.ts'

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : typeof value === 'string' && value ? [value] : [])

const useFileField = (props: WidgetProps) => {
  const context = props.registry.formContext as FieldContext
  const path = pathOf(props.id)
  const multiple = props.schema.type === 'array'
  const [names, setNames] = useState<Record<string, string>>({})
  const files = strings(props.value)
  const { onChange } = props
  const value = props.value as unknown
  const stored = useCallback((file: Stored) => {
    setNames((now) => ({ ...now, [file.id]: file.name }))
    onChange(multiple ? [...strings(value), file.id] : file.id)
  }, [multiple, onChange, value])
  const upload = useUpload({ purpose: 'record', entity: context.target.entity, path }, stored)
  const nameOf = (id: string, index: number): string => names[id] ?? context.labels[multiple ? `${path}.${index}` : path] ?? id
  const remove = (id: string): void => onChange(multiple ? files.filter((other) => other !== id) : undefined)
  const accept = strings(props.options.accept)
  const limits = { accept, ...(typeof props.options.maxBytes === 'number' && { maxBytes: props.options.maxBytes }), ...(typeof props.options.pixels === 'string' && { pixels: props.options.pixels }) }
  return { files, nameOf, remove, multiple, upload, limits, off: Boolean(props.disabled || props.readonly) }
}

function Sending({ upload }: { upload: ReturnType<typeof useUpload> }) {
  return (
    <>
      {upload.running ? <div className="sending"><span>{upload.running.name}</span><Progress percent={upload.running.percent} size="small" aria-label={upload.running.name} /></div> : null}
      {upload.error ? <p className="field-error" role="alert">{upload.error}</p> : null}
    </>
  )
}

/** One or more files, each downloadable and removable. */
export function FileWidget(props: WidgetProps) {
  const t = useText()
  const { files, nameOf, remove, multiple, upload, limits, off } = useFileField(props)
  return (
    <div className="files">
      {files.map((id, index) => (
        <div key={id} className="file-row"><PaperClipOutlined /> <a href={`/files/${id}`} target="_blank" rel="noreferrer">{nameOf(id, index)}</a>{off ? null : <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`${t('form.upload.remove')} ${nameOf(id, index)}`} onClick={() => remove(id)} />}</div>
      ))}
      <Sending upload={upload} />
      {off || (!multiple && files.length) ? null : <DropZone id={props.id} {...limits} disabled={Boolean(upload.running)} onFile={(file) => void upload.send(file)} />}
    </div>
  )
}

/** A picture with its preview. */
export function ImageWidget(props: WidgetProps) {
  const t = useText()
  const { files, nameOf, remove, multiple, upload, limits, off } = useFileField(props)
  return (
    <div className="files">
      <div className="pictures">
        {files.map((id, index) => (
          <figure key={id}><Image src={`/files/${id}?inline=1`} alt={nameOf(id, index)} width={104} height={128} style={{ objectFit: 'contain' }} />{off ? null : <Button size="small" type="text" icon={<DeleteOutlined />} onClick={() => remove(id)}>{t('form.upload.remove')}</Button>}</figure>
        ))}
        {off || (!multiple && files.length) ? null : <DropZone id={props.id} compact {...limits} disabled={Boolean(upload.running)} onFile={(file) => void upload.send(file)}><UploadOutlined className="drop-icon" /></DropZone>}
      </div>
      <Sending upload={upload} />
    </div>
  )
}
