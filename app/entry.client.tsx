import { RemixBrowser } from '@remix-run/react'
import { startTransition, StrictMode, useEffect } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { holdPresses } from './hold-presses.ts'
import { NonceContext } from './nonce.ts'

// Browsers hide the nonce attribute; the property still has it.
const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce
const release = holdPresses(window)

function Ready() {
  useEffect(release, [])
  return null
}

startTransition(() => {
  hydrateRoot(document, <StrictMode><NonceContext.Provider value={nonce}><RemixBrowser /><Ready /></NonceContext.Provider></StrictMode>)
})
