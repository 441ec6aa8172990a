import * as z from "zod";
import { defineRoute } from "./define";

const ImportKeys = z.object({ knownHosts: z.string().max(4_194_304) });
const Imported = z.object({
  taken: z.number(),
  refused: z.array(z.object({ line: z.number(), reason: z.string() })),
});

export const route = defineRoute({
  method: "POST",
  path: "/api/keys/import",
  role: "admin",
  summary: "Takes over host keys from the text of a known_hosts file, line by line.",
  body: ImportKeys,
  // 4 MiB of characters, which JSON may write as up to six bytes each. known_hosts is plain ASCII, so twice is plenty.
  maxBytes: 8_400_000,
  result: Imported,
  errors: [],
});
