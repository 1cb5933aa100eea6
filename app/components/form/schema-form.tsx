import { Theme as antdTheme } from '@rjsf/antd'
import { withTheme } from '@rjsf/core'
import type { ErrorSchema, RegistryFieldsType, RegistryWidgetsType, RJSFSchema, UiSchema, ValidatorType } from '@rjsf/utils'
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type ComponentType, type Ref } from 'react'
import { flushSync } from 'react-dom'
import type { FormTarget, FormView, JsonObject, Problem } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { fields, widgets } from '../form-fields/widgets.ts'
import { useAsk } from '../ui/ask.ts'
import { toErrorTree, withoutTitle } from './error-schema.ts'
import { ErrorSummary, focusField } from './error-summary.tsx'
import { ID_PREFIX, pathOf, type FieldContext } from './form-context.ts'
import { isWithin, setAt } from './json-path.ts'
import { followProposals, offersOf } from './follow-proposals.ts'
import { atChooser, hideLevels } from './level-fields.ts'
import { mergeRefresh } from './merge-refresh.ts'
import { prepareUi } from './prepare-ui.ts'
import { rjsfValidator } from './rjsf-validator.ts'
import { FieldTemplate, ObjectFieldTemplate } from './templates.tsx'
import { validateData } from './validate.ts'

// rjsf's own generics are too deep to check; this is what is used of its form
interface RjsfProps {
  tagName: 'div'; schema: RJSFSchema; uiSchema: UiSchema; formData: JsonObject; formContext: FieldContext; validator: ValidatorType; widgets: RegistryWidgetsType; fields: RegistryFieldsType; templates: object; extraErrors: ErrorSchema
  idPrefix: string; idSeparator: string; noValidate: boolean; noHtml5Validate: boolean; showErrorList: false; disabled: boolean; experimental_defaultFormStateBehavior: object; onChange: (event: { formData?: JsonObject }, id?: string) => void
}
const RjsfForm = withTheme(antdTheme) as unknown as ComponentType<RjsfProps>
const TEMPLATES = { FieldTemplate, ObjectFieldTemplate }
// the server sends defaults as data; the form must not invent values of its own
const DEFAULTS = { emptyObjectFields: 'skipDefaults', arrayMinItems: { populate: 'never' } } as const
const REFRESH_MS = 400

export interface FormHandle {
  /** what is in the form now, typed text included */
  read: () => JsonObject
  /** the data when it fits the schema, else null with the errors shown */
  check: () => JsonObject | null
  show: (problems: Problem[]) => void
  replace: (data: JsonObject) => void
}
interface Props { form: FormView; target: FormTarget; handle?: Ref<FormHandle>; importId?: string; onChange?: (data: JsonObject) => void; onForm?: (form: FormView) => void; disabled?: boolean }

/** A form from its schema: own fields, live refresh, errors at the field and summed up on top. */
export function SchemaForm({ form: first, target, handle, importId, onChange, onForm, disabled }: Props) {
  const t = useText()
  const ask = useAsk()
  const [form, setForm] = useState(first)
  const [data, setData] = useState<JsonObject>(first.data)
  const [problems, setProblems] = useState<Problem[]>([])
  const current = useRef(data)
  const proposals = useRef(first.proposals ?? {})
  const refreshing = useRef<{ timer?: ReturnType<typeof setTimeout>; call?: AbortController }>({})
  const [flushers] = useState(() => new Set<() => void>())

  const put = useCallback((next: JsonObject) => {
    current.current = next
    setData(next)
    onChange?.(next)
  }, [onChange])

  const refresh = useCallback(async () => {
    refreshing.current.call?.abort()
    const call = new AbortController()
    refreshing.current.call = call
    const sent = current.current
    const result = await ask<{ form: FormView }>('form', { ...target, data: sent }, call.signal)
    if (call.signal.aborted || !result.ok) return
    const before = proposals.current
    proposals.current = result.form.proposals ?? {}
    setForm(result.form)
    onForm?.(result.form)
    put(followProposals(sent, mergeRefresh(sent, result.form.data, current.current), before, proposals.current))
  }, [ask, onForm, put, target])

  useEffect(() => {
    const state = refreshing.current
    return () => {
      clearTimeout(state.timer)
      state.call?.abort()
    }
  }, [])

  const touched = useCallback((path: string) => {
    setProblems((now) => now.filter((problem) => !problem.path || (!isWithin(problem.path, path) && !isWithin(path, problem.path))))
    if (!form.live.some((live) => isWithin(live, path) || isWithin(path, live))) return
    clearTimeout(refreshing.current.timer)
    refreshing.current.timer = setTimeout(() => void refresh(), REFRESH_MS)
  }, [form.live, refresh])
  const change = useCallback((event: { formData?: JsonObject }, id?: string) => {
    put(event.formData ?? {})
    if (id !== undefined) touched(pathOf(id))
  }, [put, touched])
  const putAll = useCallback((values: JsonObject) => {
    put({ ...current.current, ...values })
    for (const path of Object.keys(values)) touched(path)
  }, [put, touched])
  const accept = useCallback((path: string) => {
    put(setAt(current.current, path, proposals.current[path]?.value) as JsonObject)
    touched(path)
  }, [put, touched])

  const flush = useCallback(() => flushSync(() => { for (const run of [...flushers]) run() }), [flushers])
  const show = useCallback((next: Problem[]) => {
    const placed = atChooser(next.map((problem) => withoutTitle(problem, form.schema)), form.uiSchema as UiSchema)
    setProblems(placed)
    const path = placed.find((problem) => problem.path)?.path
    if (path !== undefined) requestAnimationFrame(() => focusField(path))
  }, [form.schema, form.uiSchema])
  useImperativeHandle(handle, () => ({
    read: () => { flush(); return current.current },
    check: () => {
      flush()
      const found = validateData(form.schema, current.current, t)
      show(found)
      return found.length ? null : current.current
    },
    show,
    replace: put,
  }), [flush, form.schema, put, show, t])

  const [dataOf] = useState(() => () => current.current)
  // a new object only when it says something else: every field looks at it
  const offered = JSON.stringify(offersOf(data, first.proposals ?? {}, form.proposals ?? {}))
  const offers = useMemo(() => JSON.parse(offered) as Record<string, string>, [offered])
  const context: FieldContext = useMemo(() => ({ target, labels: form.labels, data: dataOf, put: putAll, offers, accept, flush: flushers, ...(importId && { importId }) }), [accept, dataOf, flushers, form.labels, importId, offers, putAll, target])
  const ui = useMemo(() => ({ ...hideLevels(prepareUi(form.schema, form.uiSchema)), 'ui:submitButtonOptions': { norender: true } }), [form.schema, form.uiSchema])
  const errors = useMemo(() => toErrorTree(problems), [problems])
  return (
    <div className="schema-form">
      {form.notes ? <div className="form-note">{form.notes}</div> : null}
      <ErrorSummary problems={problems} schema={form.schema} ui={form.uiSchema} />
      <RjsfForm tagName="div" schema={form.schema as RJSFSchema} uiSchema={ui} formData={data} formContext={context} validator={rjsfValidator} widgets={widgets} fields={fields} templates={TEMPLATES} extraErrors={errors} idPrefix={ID_PREFIX} idSeparator="."
        noValidate noHtml5Validate showErrorList={false} disabled={disabled ?? false} experimental_defaultFormStateBehavior={DEFAULTS} onChange={change} />
    </div>
  )
}
