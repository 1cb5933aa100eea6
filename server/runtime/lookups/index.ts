export { askLookup, type LookupAsker, type LookupParts } from './ask-lookup.ts'
export { publicLookups, type PublicLookup } from './list-lookups.ts'
