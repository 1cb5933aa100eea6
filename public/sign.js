// The signing page on a phone: the only page script there is.
;(() => {
  const canvas = document.getElementById('pad')
  const form = document.getElementById('sign-form')
  const field = document.getElementById('png')
  const warning = document.getElementById('sign-empty')
  if (!canvas || !form || !field || !warning) return
  const pad = new window.SignaturePad(canvas, { penColor: '#111827', minWidth: 0.8, maxWidth: 3 })
  const fit = () => {
    const ratio = Math.max(1, window.devicePixelRatio || 1)
    const strokes = pad.toData()
    canvas.width = canvas.offsetWidth * ratio
    canvas.height = canvas.offsetHeight * ratio
    canvas.getContext('2d').scale(ratio, ratio)
    pad.clear()
    pad.fromData(strokes)
  }
  fit()
  window.addEventListener('resize', fit)
  pad.addEventListener('beginStroke', () => { warning.hidden = true })
  document.getElementById('sign-clear').addEventListener('click', () => pad.clear())
  form.addEventListener('submit', (event) => {
    warning.hidden = !pad.isEmpty()
    if (pad.isEmpty()) return event.preventDefault()
    field.value = pad.toDataURL('image/png')
    document.getElementById('sign-ok').disabled = true
  })
})()
