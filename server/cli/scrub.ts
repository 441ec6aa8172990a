import { bytesOf, latin1, parseItems } from "@/lib/probes/items";

/** How many secrets of one kind were taken out. */
export interface Scrubbed {
  readonly what: string;
  readonly count: number;
}

export const mask = "[scrubbed]";

interface Rule {
  readonly what: string;
  /** Group `keep` stands before the secret and stays, group `tail` stands after it and stays; everything else of the match goes. */
  readonly pattern: RegExp;
}

/** Words that announce a secret. Long forms first is not needed: they are matched as a whole, with a boundary on the left. */
const words =
  "pass(?:word|wd|phrase|code)|pwd|secret|token|api[-_]?key|access[-_]?key|auth[-_]?key|private[-_]?key|preshared[-_]?key|psk|wep[-_]?key\\d?|community|cookie|session[-_]?id|credentials?";

/** Values that only switch a password on or off, or are empty, are no secrets. */
const notSwitch = "(?!(?:on|off|yes|no|true|false|none|null)(?![\\w.-]))";

/**
 * What is recognised. Better one word too many than one secret too few; but addresses, MACs, names and counters must stay, for a
 * capture is there to be diagnosed. Written for Latin-1 strings (one char a byte).
 */
const rules: readonly Rule[] = [
  {
    what: "private key block",
    pattern: /(?<keep>-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?<tail>-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  },
  {
    what: "password in a URL",
    pattern: /(?<keep>\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"]{0,200}:)[^\s/@'"]{1,200}(?<tail>@)/gi,
  },
  {
    what: "authorization header",
    pattern: /(?<keep>\bauthorization\s*[:=]\s*["']?(?:basic|bearer|digest|token)\s+)[^\s"',;]+/gi,
  },
  { what: "JSON web token", pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g },
  {
    what: "access token of a known form",
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|glpat-[\w-]{15,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16})\b/g,
  },
  // libvirt XML, quoted: passwd='...', password="..."; JSON and YAML: "password": "..."
  {
    what: "quoted password, key or token",
    pattern: new RegExp(
      `(?<keep>(?<![A-Za-z])(?:${words})["']?\\s*[=:]\\s*)(?<quote>["'])${notSwitch}(?!\\k<quote>)(?:\\\\.|(?!\\k<quote>)[^\\n\\\\])*(?<tail>\\k<quote>)`,
      "gi",
    ),
  },
  // <password>...</password> and the like
  { what: "password element", pattern: new RegExp(`(?<keep><(?:${words})(?:\\s[^<>]*)?>)[^<]+(?<tail></)`, "gi") },
  // -object secret,id=x,data=... of QEMU; the key of a Ceph image in -drive file=rbd:...:key=...
  { what: "QEMU secret object", pattern: /(?<keep>\bsecret,[^\s'"]{0,200}?\bdata=)[^\s,'"]+/gi },
  { what: "QEMU secret object", pattern: /(?<keep>"qom-type":\s*"secret"[^}\n]{0,300}?"data":\s*")[^"\n]+/gi },
  { what: "storage key", pattern: /(?<keep>\brbd:[^\s'"]{0,300}?:key=)[^\s:,'"]+/gi },
  { what: "firmware configuration string", pattern: /(?<keep>\bfw_cfg[\0\s=][^\s\0]{0,200}?\bstring=)[^\s\0,'"]+/gi },
  // password=..., --password ..., PrivateKey = ..., in command lines (parted by NUL in /proc) and configuration files
  {
    what: "password, key or token",
    pattern: new RegExp(
      `(?<keep>(?<![A-Za-z])(?:${words})\\s*[=:]\\s*)${notSwitch}(?!\\[scrubbed\\])[^\\s\\0,;&'"<>\\]})]+`,
      "gi",
    ),
  },
  {
    what: "password, key or token option",
    pattern: new RegExp(
      `(?<keep>(?<![\\w-])--?(?:[a-z]+-)?(?:${words})[\\0 ]+)(?!-)${notSwitch}(?!\\[scrubbed\\])[^\\s\\0,;&'"<>]+`,
      "gi",
    ),
  },
  { what: "SNMP community", pattern: /(?<keep>\b(?:ro|rw)community6?[ \t]+)\S+/gi },
  {
    what: "SNMP community",
    pattern: /(?<keep>\bsnmp(?:get|getnext|walk|bulkwalk|bulkget|set|table)\b[^\n]{0,80}?[\0 ]-c[\0 ]*)[^\s\0]+/gi,
  },
  { what: "Wi-Fi key", pattern: /(?<keep>\bwpa-psk[ \t]+)\S+/gi },
];

/** Scrubs one piece of text (Latin-1: one char a byte); adds to `counts`. */
export function scrubText(text: string, counts: Map<string, number>): string {
  let out = text;
  for (const rule of rules) {
    out = out.replace(rule.pattern, (...args: unknown[]) => {
      const whole = String(args[0]);
      const groups = args.at(-1);
      const named = groups !== null && typeof groups === "object" ? (groups as Record<string, string | undefined>) : {};
      if (whole.includes(mask)) return whole;
      counts.set(rule.what, (counts.get(rule.what) ?? 0) + 1);
      return `${named.keep ?? ""}${named.quote ?? ""}${mask}${named.tail ?? ""}`;
    });
  }
  return out;
}

/**
 * Scrubs what one probe printed. Output made of length-prefixed items (lib/probes/items.ts) is taken apart, scrubbed item by item and
 * framed again, so that it still parses.
 */
export function scrubOutput(stdout: Uint8Array, counts: Map<string, number>): Uint8Array {
  const text = latin1(stdout);
  if (text.startsWith("#item ")) {
    const framed = scrubItems(stdout, counts);
    if (framed !== undefined) return framed;
  }
  const before = total(counts);
  const scrubbed = scrubText(text, counts);
  return total(counts) === before ? stdout : bytesOf(scrubbed);
}

function scrubItems(stdout: Uint8Array, counts: Map<string, number>): Uint8Array | undefined {
  try {
    parseItems(stdout);
  } catch {
    // A cut or garbled stream has no frames to keep: it is scrubbed as plain text.
    return undefined;
  }
  const parts: string[] = [];
  let at = 0;
  const text = latin1(stdout);
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    const head = /^#item (\d+) (\d+) (\d+)$/.exec(text.slice(at, end));
    if (!head) return undefined;
    const nameEnd = end + 1 + Number(head[1]);
    const outputEnd = nameEnd + 1 + Number(head[3]);
    const name = scrubText(text.slice(end + 1, nameEnd), counts);
    const output = scrubText(text.slice(nameEnd + 1, outputEnd), counts);
    parts.push(`#item ${name.length} ${head[2]} ${output.length}\n${name}\n${output}\n`);
    at = outputEnd + 1;
  }
  return bytesOf(parts.join(""));
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
