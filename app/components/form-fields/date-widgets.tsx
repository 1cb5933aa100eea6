import type { FieldProps, FieldTemplateProps, WidgetProps } from '@rjsf/utils'
import { DatePicker } from 'antd'
import type { Dayjs } from 'dayjs'
import type { ComponentType } from 'react'
import { useText } from '#app/text/use-text.ts'
import { useZone } from '../shell/use-app.ts'
import { readDate, readTime, SHOWN, writeDate, writeTime } from './zoned-time.ts'

export function DateWidget(props: WidgetProps) {
  return <DatePicker id={props.id} value={readDate(props.value)} disabled={props.disabled || props.readonly} style={{ width: '100%' }} status={props.rawErrors?.length ? 'error' : ''} onChange={(date: Dayjs | null) => props.onChange(writeDate(date))} />
}

/** A moment, shown and typed in the family's time zone. */
export function DateTimeWidget(props: WidgetProps) {
  const zone = useZone()
  return <DatePicker id={props.id} showTime={{ format: 'HH:mm' }} format={SHOWN} value={readTime(props.value, zone)} disabled={props.disabled || props.readonly} style={{ width: '100%' }} status={props.rawErrors?.length ? 'error' : ''} onChange={(time: Dayjs | null) => props.onChange(writeTime(time, zone))} />
}

interface Range { start?: string; end?: string }

/** An object of start and end as one control. */
export function RangeField(props: FieldProps<Range>) {
  const t = useText()
  const zone = useZone()
  const { fieldPathId, formData, onChange, schema, registry, uiSchema, errorSchema } = props
  const withTime = (schema.properties?.start as { format?: string } | undefined)?.format === 'date-time'
  const read = (value: unknown): Dayjs | null => (withTime ? readTime(value, zone) : readDate(value))
  const write = (value: Dayjs | null | undefined): string | undefined => (withTime ? writeTime(value, zone) : writeDate(value))
  const change = (range: [Dayjs | null, Dayjs | null] | null): void => {
    const [start, end] = [write(range?.[0]), write(range?.[1])]
    onChange({ ...formData, ...{ start, end } } as Range, fieldPathId.path)
  }
  const Template = registry.templates.FieldTemplate as unknown as ComponentType<FieldTemplateProps>
  const errors = [errorSchema?.__errors, errorSchema?.start?.__errors, errorSchema?.end?.__errors].flatMap((list) => list ?? [])
  const id = fieldPathId.$id
  return (
    <Template {...(props as unknown as FieldTemplateProps)} id={id} label={String(uiSchema?.['ui:title'] ?? schema.title ?? props.name)} displayLabel schema={{ ...schema, type: 'string' } as FieldTemplateProps['schema']} rawErrors={errors} rawDescription={schema.description ?? ''} onKeyRename={() => undefined} onKeyRenameBlur={() => undefined} onRemoveProperty={() => undefined}>
      <DatePicker.RangePicker id={{ start: id, end: `${id}.end` }} value={[read(formData?.start), read(formData?.end)]} allowEmpty={[true, true]} {...(withTime ? { showTime: { format: 'HH:mm' }, format: SHOWN } : {})} placeholder={[t('common.start'), t('common.end')]}
        disabled={props.disabled || props.readonly} style={{ width: '100%' }} status={errors.length ? 'error' : ''} onChange={change} />
    </Template>
  )
}
