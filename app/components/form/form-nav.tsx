import type { FormView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { sectionId, sectionsOf } from './sections.ts'

/** The form's sections as anchors, when there are enough to get lost in. */
export function FormNav({ form }: { form: FormView }) {
  const t = useText()
  const sections = sectionsOf(form.schema, form.uiSchema).filter((section) => section.title)
  if (sections.length < 3) return null
  return (
    <nav className="form-nav" aria-label={t('form.sections')}>
      <b>{t('form.sections')}</b>
      {sections.map((section) => <a key={section.id} href={`#${sectionId(section.id)}`}>{section.title}</a>)}
    </nav>
  )
}
