export { renderOnce } from './render-once.ts'
export { createOperations, type Operations, type OperationsDeps } from './create-operations.ts'
