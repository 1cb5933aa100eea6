// All that React hydrates a page for at once. While the page's data is still being decoded it cannot, and such an attempt ends React's work
// on the page for good ("Root did not complete"): a tap on a page that is just loading would leave a page that answers nothing.
const EVENTS = [
  'mousedown', 'mouseup', 'touchcancel', 'touchend', 'touchstart', 'auxclick', 'dblclick', 'pointercancel', 'pointerdown', 'pointerup', 'dragend', 'dragstart', 'drop', 'compositionend', 'compositionstart',
  'keydown', 'keypress', 'keyup', 'input', 'textInput', 'copy', 'cut', 'paste', 'click', 'change', 'contextmenu', 'reset', 'submit',
]
const CONTROLS = 'button:not([type=submit]), [role=tab], [role=button], [role=menuitem]'
type Field = HTMLInputElement | HTMLTextAreaElement

/** Keeps presses and typing from React until the page is ready; then the last press is pressed anew and fields tell what was typed. Links and forms do meanwhile what they do without scripts. */
export function holdPresses(target: Window): () => void {
  let pressed: HTMLElement | null = null
  const typed = new Set<Field>()
  const hold = (event: Event): void => {
    event.stopPropagation()
    if (event.type === 'input' && (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)) typed.add(event.target)
    if (event.type !== 'click' || !(event.target instanceof Element)) return
    const control = event.target.closest<HTMLElement>(CONTROLS)
    if (control && !control.closest('a[href]')) pressed = control
  }
  for (const name of EVENTS) target.addEventListener(name, hold, true)
  return () => {
    for (const name of EVENTS) target.removeEventListener(name, hold, true)
    for (const field of typed) if (field.isConnected) retell(field)
    if (pressed?.isConnected) pressed.click()
    typed.clear()
    pressed = null
  }
}

/** React hears of a change only when the field differs from what React has seen of it last: it is shown the value before, then the new one. */
function retell(field: Field): void {
  if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) {
    if (field.checked === field.defaultChecked) return
    field.checked = field.defaultChecked
    return field.click()
  }
  const { value, defaultValue } = field
  if (value === defaultValue) return
  field.value = defaultValue
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
