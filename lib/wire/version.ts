/**
 * Number of what page and server say to one another. `npm run wire` raises it and writes the hash of the schemas beside
 * it; version.test.ts fails where they have changed and it was not raised. A page of another number than the server's
 * is told to reload (Pulse).
 */
export const wire = {
  version: 2,
  hash: "915a574a9c0a92f7bd8c964091be96a5",
} as const;
