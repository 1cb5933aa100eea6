/** Names that a layout may give as a widget, each with the one that shows it; the last two follow from the kind of the property. */
export const WIDGETS: Readonly<Record<string, string | null>> = {
  'rich-text': 'rich', photo: 'image', seal: 'image', image: 'image', file: 'file', search: 'ref', transfer: 'ref', ref: 'ref', 'tree-select': 'region', region: 'region',
  table: 'editableTable', editableTable: 'editableTable', textarea: 'textarea', money: 'money', states: 'states', range: null, 'child-table': null,
}
