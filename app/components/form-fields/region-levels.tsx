import type { WidgetProps } from '@rjsf/utils'
import { Cascader } from 'antd'
import { useState } from 'react'
import type { JsonObject } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import type { FieldContext } from '../form/form-context.ts'
import type { RegionNode } from './region-tree.ts'

const held = (data: JsonObject, levels: string[]): string[] => levels.map((name) => data[name]).filter((id): id is string => typeof id === 'string' && id !== '')

/** One chooser for several fields, level by level: each field holds the region of its level. */
export function RegionLevels({ levels, tree, loading, ...props }: WidgetProps & { levels: string[]; tree: RegionNode[]; loading: boolean }) {
  const t = useText()
  const context = props.registry.formContext as FieldContext
  // the other levels are not this field's value, so they do not draw it anew
  const [chosen, setChosen] = useState(() => held(context.data(), levels))
  const [seen, setSeen] = useState(props.value as string | undefined)
  if (seen !== props.value) {
    setSeen(props.value as string | undefined)
    if (props.value !== chosen[0]) setChosen(held(context.data(), levels))
  }
  const choose = (path: string[]): void => {
    setChosen(path)
    context.put(Object.fromEntries(levels.map((name, index) => [name, path[index]])) as JsonObject)
  }
  return (
    <Cascader id={props.id} options={tree} value={chosen} loading={loading} disabled={Boolean(props.disabled || props.readonly)} showSearch style={{ width: '100%' }} placeholder={t('common.select')} aria-required={props.required}
      status={props.rawErrors?.length ? 'error' : ''} onChange={(path) => choose((path ?? []).map(String))} />
  )
}
