export { planPrint, printContexts, type PrintPlan } from './contexts.ts'
export { renderer, renderEnv, renderPlan, templateOf, type PrintParts } from './render.ts'
export { printJobs, startPrint, type PrintRequest } from './jobs.ts'
