export { createKeyring, type Keyring, type Place } from './crypto/keyring.ts'
export { normalise } from './crypto/normalise.ts'
export { hashPassword, hashToken, needsRehash, verifyPassword } from './crypto/passwords.ts'
export { generateSecrets, loadSecrets, rotateSecrets, type Secrets } from './crypto/secrets.ts'
