export { createOperations, type Operations, type OperationsDeps } from './create-operations.ts'
