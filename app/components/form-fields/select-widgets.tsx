import type { WidgetProps } from '@rjsf/utils'
import { Checkbox, Radio, Select, Tag } from 'antd'
import { useText } from '#app/text/use-text.ts'

interface Option { value: unknown; label: string }
const optionsOf = (props: WidgetProps): Option[] => props.options.enumOptions ?? []
const RADIO_MAX = 4

/** A choice from the schema's values; few short ones are shown at once. */
export function SelectWidget(props: WidgetProps) {
  const t = useText()
  const options = optionsOf(props).map((option) => ({ value: option.value as string | number, label: option.label }))
  const multiple = props.multiple ?? props.schema.type === 'array'
  const off = Boolean(props.disabled || props.readonly)
  const short = options.length <= RADIO_MAX && options.every((option) => option.label.length <= 8)
  if (!multiple && short && props.required && props.options.widget !== 'select') {
    return <Radio.Group id={props.id} value={props.value} disabled={off} options={options} onChange={(event) => props.onChange(event.target.value)} aria-describedby={`${props.id}__notes`} />
  }
  return (
    <Select id={props.id} value={props.value ?? undefined} options={options} disabled={off} allowClear={!props.required} showSearch={{ optionFilterProp: 'label' }} {...(multiple && { mode: 'multiple' as const })} placeholder={props.placeholder || t('common.select')}
      status={props.rawErrors?.length ? 'error' : ''} style={{ width: '100%' }} onChange={(value: unknown) => props.onChange(value)} aria-describedby={`${props.id}__notes`} />
  )
}

/** Free words, one tag each. */
export function TagsWidget(props: WidgetProps) {
  const t = useText()
  return <Select id={props.id} mode="tags" open={false} suffixIcon={null} value={(props.value as string[] | undefined) ?? []} disabled={props.disabled || props.readonly} placeholder={t('common.input')} style={{ width: '100%' }} tokenSeparators={[',', '，', ';', '；', '\n']} onChange={(value: string[]) => props.onChange(value)} />
}

/** A tick with its text beside it. */
export function CheckboxWidget(props: WidgetProps) {
  return <Checkbox id={props.id} checked={Boolean(props.value)} disabled={props.disabled || props.readonly} onChange={(event) => props.onChange(event.target.checked)}>{props.label}</Checkbox>
}

/** A state-like value: shown, not typed. */
export function StatesWidget(props: WidgetProps) {
  const t = useText()
  if (props.disabled || props.readonly || !optionsOf(props).length) {
    const option = optionsOf(props).find((one) => one.value === props.value)
    return <span id={props.id}>{props.value === undefined || props.value === null ? t('common.none') : <Tag>{option?.label ?? String(props.value)}</Tag>}</span>
  }
  return <SelectWidget {...props} />
}
