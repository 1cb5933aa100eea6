import type { WidgetProps } from '@rjsf/utils'
import { pathOf, type FieldContext } from '../form/form-context.ts'
import { RefPicker } from './ref-picker.tsx'

export function RefWidget(props: WidgetProps) {
  return (
    <RefPicker id={props.id} path={pathOf(props.id)} value={props.value as string | string[] | undefined} onChange={props.onChange} context={props.registry.formContext as FieldContext}
      multiple={props.schema.type === 'array' || props.options.multiple === true} disabled={Boolean(props.disabled || props.readonly)} error={Boolean(props.rawErrors?.length)} {...(props.placeholder && { placeholder: props.placeholder })} />
  )
}
