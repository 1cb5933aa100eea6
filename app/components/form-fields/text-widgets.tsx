import type { WidgetProps } from '@rjsf/utils'
import { Input } from 'antd'
import type { FieldContext } from '../form/form-context.ts'
import { useBuffered } from './use-buffered.ts'

const contextOf = (props: WidgetProps): FieldContext => props.registry.formContext as FieldContext
const described = (props: WidgetProps) => ({ 'aria-describedby': `${props.id}__notes`, 'aria-invalid': props.rawErrors?.length ? (true as const) : undefined, 'aria-required': props.required })

const useText = (props: WidgetProps) => useBuffered(props.value === undefined || props.value === null ? '' : String(props.value), (text) => props.onChange(text === '' ? undefined : text), contextOf(props))

/** One line of text. */
export function TextWidget(props: WidgetProps) {
  const { text, type, leave } = useText(props)
  const kind = props.options.inputType ?? (props.schema.format === 'email' ? 'email' : 'text')
  return (
    <Input id={props.id} value={text} type={kind} disabled={props.disabled} readOnly={props.readonly} placeholder={props.placeholder} maxLength={props.schema.maxLength} autoComplete="off"
      status={props.rawErrors?.length ? 'error' : ''} suffix={typeof props.options.unit === 'string' ? props.options.unit : undefined} onChange={(event) => type(event.target.value)} onBlur={leave} {...described(props)} />
  )
}

/** Several lines, growing with the text, with a counter when there is a limit. */
export function TextareaWidget(props: WidgetProps) {
  const { text, type, leave } = useText(props)
  return (
    <Input.TextArea id={props.id} value={text} disabled={props.disabled} readOnly={props.readonly} placeholder={props.placeholder} autoSize={{ minRows: Number(props.options.rows ?? 3), maxRows: 16 }} maxLength={props.schema.maxLength}
      showCount={props.schema.maxLength !== undefined} status={props.rawErrors?.length ? 'error' : ''} onChange={(event) => type(event.target.value)} onBlur={leave} {...described(props)} />
  )
}
