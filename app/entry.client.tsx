import { RemixBrowser } from '@remix-run/react'
import { startTransition, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { NonceContext } from './nonce.ts'

// Browsers hide the nonce attribute; the property still has it.
const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce

startTransition(() => {
  hydrateRoot(document, <StrictMode><NonceContext.Provider value={nonce}><RemixBrowser /></NonceContext.Provider></StrictMode>)
})
