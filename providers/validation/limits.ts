/** What a JSON body or a query may hold at most, whatever the validator of the route says; forms are bounded by `media`. */
export const inputLimits = {
  /** Bytes of a body, after it was unpacked. */
  bodyBytes: 256_000,
  /** Seconds until the last byte of a body that is no form. */
  bodySeconds: 15,
  /** Objects and arrays within one another. */
  depth: 32,
  /** Fields of all objects together. */
  fields: 1000,
  /** Items of all arrays together. */
  items: 1000,
  /** Characters of one text, as people count them; the validators bound each field more tightly. */
  graphemes: 10_000,
} as const
