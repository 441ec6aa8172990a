/**
 * Number of what page and server say to one another. `npm run wire` raises it and writes the hash of the schemas beside
 * it; version.test.ts fails where they have changed and it was not raised. A page of another number than the server's
 * is told to reload (Pulse).
 */
export const wire = {
  version: 4,
  hash: "fd820714eed2a0e98cc523cb8b191bcb",
} as const;
