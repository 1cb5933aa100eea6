export { overDimensions } from './dimensions.ts'
export { accessOf, isOneOf, may, roleChain, rowConditions } from './rights.ts'
