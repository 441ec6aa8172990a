import type { Keyed } from "@/lib/share/mask";

/**
 * Stands in for HMAC where masks are only shown as examples: a browser's own HMAC answers later, and a preview draws now. Nothing that is kept is made by it;
 * the server masks anew (server/web/incidents/masked.ts).
 */
export const previewKeyed: Keyed = (text) => {
  const bytes = new Uint8Array(32);
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  for (let at = 0; at < bytes.length; at++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    bytes[at] = (state ^ (state >>> 13)) & 255;
  }
  return bytes;
};
