import type { WidgetProps } from '@rjsf/utils'
import { InputNumber } from 'antd'
import type { FieldContext } from '../form/form-context.ts'
import { useBuffered } from './use-buffered.ts'

const decimals = (step: number | undefined): number => (step ? (String(step).split('.')[1] ?? '').length : 6)

/** Text of a number field -> number, or undefined when it is empty or no number. */
export const parseNumber = (text: string, integer: boolean): number | undefined => {
  const clean = text.replace(/[,，\s]/g, '')
  if (clean === '') return undefined
  const value = Number(clean)
  return Number.isFinite(value) ? (integer ? Math.trunc(value) : value) : undefined
}

export function NumberWidget(props: WidgetProps) {
  const integer = props.schema.type === 'integer'
  const value = typeof props.value === 'number' ? String(props.value) : ''
  const { text, type, leave } = useBuffered(value, (typed) => props.onChange(parseNumber(typed, integer)), props.registry.formContext as FieldContext)
  return (
    <InputNumber id={props.id} stringMode value={text === '' ? null : text} disabled={props.disabled} readOnly={props.readonly} placeholder={props.placeholder} precision={integer ? 0 : Math.min(6, decimals(props.schema.multipleOf))}
      min={props.schema.minimum !== undefined ? String(props.schema.minimum) : undefined} max={props.schema.maximum !== undefined ? String(props.schema.maximum) : undefined} changeOnBlur={false}
      suffix={typeof props.options.unit === 'string' ? props.options.unit : undefined} status={props.rawErrors?.length ? 'error' : ''} style={{ width: '100%' }} keyboard
      onChange={(next) => type(next === null ? '' : String(next))} onBlur={leave} aria-describedby={`${props.id}__notes`} />
  )
}

/** Money: whole fen in the data, yuan with two decimals on the screen. */
export function MoneyWidget(props: WidgetProps) {
  return (
    <InputNumber id={props.id} value={typeof props.value === 'number' ? props.value / 100 : null} disabled={props.disabled} readOnly={props.readonly} precision={2} min={0} prefix="¥" style={{ width: '100%' }}
      status={props.rawErrors?.length ? 'error' : ''} onChange={(yuan) => props.onChange(yuan === null ? undefined : Math.round(Number(yuan) * 100))} aria-describedby={`${props.id}__notes`} />
  )
}
