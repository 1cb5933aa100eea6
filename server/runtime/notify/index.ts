export { notify, type Notice } from './notify.store.ts'
