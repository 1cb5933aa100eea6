import { createHash } from 'node:crypto'

/** What is anchored of an entity: facts that never change once they are public, and no personal number. */
export const ANCHORED: Record<string, Record<string, string>> = {
  certificate: { number: 'item.number', name: 'item.name', level: 'item.level', issuer: 'item.issuer.name' },
  issuance: { code: 'item.certificateCode', certificate: 'item.certificate.number', issuedAt: 'item.issuedAt', mode: 'item.issueMode' },
}

/** SHA-256 in hex over the facts in order of their names, so that the same facts give the same digest everywhere. */
export function digestOf(entity: string, facts: Record<string, unknown>): string {
  const lines = Object.keys(facts).sort().map((k) => JSON.stringify([k, facts[k] ?? null]))
  return createHash('sha256').update([entity, ...lines].join('\n')).digest('hex')
}
