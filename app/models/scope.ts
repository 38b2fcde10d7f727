/** What a token is good for. */
export const SCOPES = {
  read: 'to see what its owner may see',
  write: 'to change what is its owner’s',
  admin: 'to do what admins do, for admins',
} as const

export type Scope = keyof typeof SCOPES
