export { buttonsFor, freeActions, type DeskButton } from './buttons.ts'
export { press, type CallOperation, type Press, type Pressed } from './press.ts'
