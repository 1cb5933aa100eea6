import type { WidgetProps } from '@rjsf/utils'
import { Cascader } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useText } from '#app/text/use-text.ts'
import { useAsk, type Ask } from '../ui/ask.ts'
import { levelsOf } from '../form/level-fields.ts'
import { RefWidget } from './ref-widget.tsx'
import { RegionLevels } from './region-levels.tsx'
import { regionPath, toRegionTree, type Region } from './region-tree.ts'

let loaded: Promise<Region[] | null> | undefined
const loadRegions = (ask: Ask): Promise<Region[] | null> => (loaded ??= ask<{ regions: Region[] | null }>('regions', {}).then((result) => {
  if (!result.ok) loaded = undefined
  return result.ok ? result.regions : null
}))

/** An administrative region, level by level. The data holds the code of the chosen one. */
export function RegionWidget(props: WidgetProps) {
  const t = useText()
  const ask = useAsk()
  const [regions, setRegions] = useState<Region[] | null | undefined>(undefined)
  useEffect(() => { void loadRegions(ask).then(setRegions) }, [ask])
  const tree = useMemo(() => toRegionTree(regions ?? []), [regions])
  const levels = levelsOf(props.options)
  if (regions === null) return <RefWidget {...props} />
  if (levels.length) return <RegionLevels {...props} levels={levels} tree={tree} loading={regions === undefined} />
  return (
    <Cascader id={props.id} options={tree} value={regionPath(regions ?? [], props.value as string | undefined)} loading={regions === undefined} disabled={props.disabled || props.readonly} changeOnSelect={props.options.anyLevel === true} showSearch style={{ width: '100%' }}
      placeholder={t('common.select')} status={props.rawErrors?.length ? 'error' : ''} onChange={(path) => props.onChange(path?.at(-1) === undefined ? undefined : String(path.at(-1)))} />
  )
}
