export { findCredential, newPassword, setPassword } from './credentials.store.ts'
export { closeSession, closeSessionsOf, updateSession } from './sessions.store.ts'
export { changePassword, passwordProblem, resolveSession, signIn, type SignIn } from './sign-in.ts'
export { noteAttempt, waitSeconds } from './throttle.store.ts'
