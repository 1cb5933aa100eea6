import type { FieldTemplateProps, ObjectFieldTemplateProps, RJSFSchema, UiSchema } from '@rjsf/utils'
import type { ReactElement } from 'react'
import type { JsonObject } from '#app/gateway/contracts.server.ts'
import { pathOf, type FieldContext } from './form-context.ts'
import { isWithin } from './json-path.ts'
import { isWide } from './prepare-ui.ts'
import { useText } from '#app/text/use-text.ts'
import { ROOT_SECTION, sectionId, sectionsOf } from './sections.ts'

/** Label above, control, help and errors under it. */
export function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, children, required, rawErrors, rawHelp, rawDescription, hidden, displayLabel, schema, uiSchema } = props
  if (hidden) return <div hidden>{children}</div>
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  // a group titles itself, and a field of its own kind brings its own label and notes
  if (type === 'object') return children as ReactElement
  const checkbox = type === 'boolean' && (uiSchema?.['ui:widget'] === undefined || uiSchema['ui:widget'] === 'checkbox')
  const help = [rawHelp, rawDescription].filter((text): text is string => typeof text === 'string' && text !== '')
  const showLabel = label && !checkbox && (displayLabel || type === 'array' || uiSchema?.['ui:widget'] !== undefined)
  return (
    <div className={`form-field${rawErrors?.length ? ' has-error' : ''}`}>
      {showLabel ? <label htmlFor={id} className="form-label">{label}{required ? <span className="required" aria-hidden>*</span> : null}</label> : null}
      {children}
      <div id={`${id}__notes`} className="form-notes">
        {rawErrors?.map((message) => <p key={message} className="field-error">{message}</p>)}
        {showLabel || checkbox ? <Offers id={id} context={props.registry.formContext as FieldContext} /> : null}
        {help.map((text) => <p key={text} className="form-help">{text}</p>)}
      </div>
    </div>
  )
}

/** What the field would hold by default now, beside what a person has put there. */
function Offers({ id, context }: { id: string; context: FieldContext }) {
  const t = useText()
  const at = pathOf(id)
  return Object.entries(context.offers).filter(([path]) => isWithin(path, at)).map(([path, text]) => (
    <p key={path} className="form-help" role="status">{t('form.offer', { text })} <button type="button" className="link-button" onClick={() => context.accept(path)}>{t('form.offer.take')}</button></p>
  ))
}

interface Element { name: string; hidden: boolean; content: ReactElement }

function Grid({ elements, columns, title }: { elements: Element[]; columns: number; title?: string }) {
  const shown = elements.filter((element) => !element.hidden)
  const [only] = shown
  // a section of one field has said its title already
  const said = shown.length === 1 && title !== undefined && (only?.content.props as { schema: RJSFSchema }).schema.title === title
  return (
    <div className={`form-grid cols-${columns}${said ? ' title-said' : ''}`}>
      {shown.map((element) => {
        const { schema, uiSchema } = element.content.props as { schema: RJSFSchema; uiSchema?: UiSchema }
        return <div key={element.name} className={isWide(schema as JsonObject, uiSchema ?? {}) ? 'wide' : ''}>{element.content}</div>
      })}
      {elements.filter((element) => element.hidden).map((element) => <div key={element.name} hidden>{element.content}</div>)}
    </div>
  )
}

/** The root in its sections with anchors; an object inside as a group with its title. */
export function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { properties, uiSchema, schema, title, description, fieldPathId } = props
  const elements = properties as unknown as Element[]
  if (fieldPathId.path.length) {
    // what only the system fills in is not shown before it has
    if (Object.values((schema.properties ?? {})).every((one) => typeof one === 'object' && one.readOnly) && Object.values((props.formData ?? {}) as JsonObject).every((value) => value === null || value === undefined || value === '')) return null
    return (
      <fieldset className="form-group" id={fieldPathId.$id}>
        {title ? <legend>{title}</legend> : null}
        {typeof description === 'string' && description ? <p className="form-help">{description}</p> : null}
        <Grid elements={elements} columns={2} />
      </fieldset>
    )
  }
  const byName = new Map(elements.map((element) => [element.name, element]))
  return (
    <>
      {sectionsOf(schema as JsonObject, (uiSchema ?? {}) as JsonObject).map((section) => (
        <section key={section.id} className="form-section" id={sectionId(section.id)} aria-label={section.title}>
          {section.id === ROOT_SECTION && !section.title ? null : <h2>{section.title}</h2>}
          {section.help ? <p className="form-help">{section.help}</p> : null}
          <Grid elements={section.fields.flatMap((name) => byName.get(name) ?? [])} columns={section.columns} title={section.title} />
        </section>
      ))}
    </>
  )
}
