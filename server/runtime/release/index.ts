export { archivedProcess, publish } from './publish.store.ts'
export { resolveNames, seedRecords, type BringTo, type SampleFile, type SeedNames, type SeedReport } from './seed.ts'
export { demoRecords } from './demo.ts'
export { install } from './install.ts'
