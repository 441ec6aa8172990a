/**
 * Number of what page and server say to one another. `npm run wire` raises it and writes the hash of the schemas beside
 * it; version.test.ts fails where they have changed and it was not raised. A page of another number than the server's
 * is told to reload (Pulse).
 */
export const wire = {
  version: 3,
  hash: "28c89cbd787998eba81e8353614f9d1b",
} as const;
