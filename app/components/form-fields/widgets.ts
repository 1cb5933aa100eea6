import type { RegistryFieldsType, RegistryWidgetsType } from '@rjsf/utils'
import { DateTimeWidget, DateWidget, RangeField } from './date-widgets.tsx'
import { FileWidget, ImageWidget } from './file-widgets.tsx'
import { MoneyWidget, NumberWidget } from './number-widgets.tsx'
import { RefWidget } from './ref-widget.tsx'
import { RegionWidget } from './region-widget.tsx'
import { RichWidget } from './rich-widget.tsx'
import { CheckboxWidget, SelectWidget, StatesWidget, TagsWidget } from './select-widgets.tsx'
import { TableWidget } from './table-widget.tsx'
import { TextareaWidget, TextWidget } from './text-widgets.tsx'

/** The names a definition may give in `ui:widget`, and the stock ones they replace. */
export const widgets = {
  TextWidget, EmailWidget: TextWidget, URLWidget: TextWidget, TextareaWidget, SelectWidget, CheckboxWidget, CheckboxesWidget: SelectWidget, DateWidget, DateTimeWidget, UpDownWidget: NumberWidget, FileWidget,
  number: NumberWidget, ref: RefWidget, region: RegionWidget, rich: RichWidget, file: FileWidget, image: ImageWidget, editableTable: TableWidget, states: StatesWidget, money: MoneyWidget, tags: TagsWidget,
} as unknown as RegistryWidgetsType

export const fields = { range: RangeField } as unknown as RegistryFieldsType
