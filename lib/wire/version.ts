/**
 * Number of what page and server say to one another. `npm run wire` raises it and writes the hash of the schemas beside
 * it; version.test.ts fails where they have changed and it was not raised. A page of another number than the server's
 * is told to reload (Pulse).
 */
export const wire = {
  version: 5,
  hash: "093d98bf5208b3fb39f3bc63f45c91b3",
} as const;
