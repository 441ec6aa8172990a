import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * known_hosts as sshd(8) describes it: plain names, wildcards, negation, `[host]:port`, hashed `|1|salt|hash`, `@cert-authority`,
 * `@revoked`. One addition of our own: where the key stands, `SHA256:...` may stand instead. That is what a person approved, and it
 * names the key just as well.
 */
export interface KnownEntry {
  readonly marker: "none" | "cert-authority" | "revoked";
  readonly names: Names;
  /** "ssh-ed25519" and so on; "*" in a fingerprint entry whose type nobody knew. */
  readonly keyType: string;
  /** "SHA256:..." as OpenSSH prints it. */
  readonly fingerprint: string;
}

type Names =
  | { readonly kind: "patterns"; readonly patterns: readonly { readonly not: boolean; readonly glob: string }[] }
  | { readonly kind: "hashed"; readonly salt: Buffer; readonly hash: Buffer };

export interface BadLine {
  readonly text: string;
  readonly reason: string;
}

export interface KnownHosts {
  readonly entries: readonly KnownEntry[];
  /** Lines that could not be read. OpenSSH passes over them in silence; here they can be shown. */
  readonly bad: readonly BadLine[];
}

/** "SHA256:..." of a public key blob, as OpenSSH prints it. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** Type that stands inside a public key blob; undefined when it is none. */
export function typeOfKey(key: Uint8Array): string | undefined {
  const bytes = Buffer.from(key);
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0);
  if (length < 1 || length > 64 || bytes.length < 4 + length) return undefined;
  return bytes.toString("latin1", 4, 4 + length);
}

/** How a host is named in known_hosts: the bare name on port 22, `[name]:port` elsewhere. */
export function hostName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

export function parseKnownHosts(lines: readonly string[]): KnownHosts {
  const entries: KnownEntry[] = [];
  const bad: BadLine[] = [];
  for (const whole of lines) {
    for (const line of whole.split(/\r?\n/)) {
      const text = line.trim();
      if (text === "" || text.startsWith("#")) continue;
      const read = parseLine(text);
      if (typeof read === "string") bad.push({ text: text.slice(0, 200), reason: read });
      else entries.push(read);
    }
  }
  return { entries, bad };
}

function parseLine(text: string): KnownEntry | string {
  const words = text.split(/[ \t]+/);
  let marker: KnownEntry["marker"] = "none";
  if (words[0]?.startsWith("@")) {
    const word = words.shift();
    if (word === "@cert-authority") marker = "cert-authority";
    else if (word === "@revoked") marker = "revoked";
    else return `unknown marker ${word}`;
  }
  const [nameWord, keyType, keyWord] = words;
  if (!nameWord || !keyType || !keyWord) return "expected names, key type and key";
  const names = parseNames(nameWord);
  if (typeof names === "string") return names;
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(keyWord)) return { marker, names, keyType, fingerprint: keyWord };
  const key = Buffer.from(keyWord, "base64");
  if (typeOfKey(key) !== keyType) return `the key is no ${keyType} key`;
  return { marker, names, keyType, fingerprint: fingerprintOf(key) };
}

function parseNames(word: string): Names | string {
  if (word.startsWith("|")) {
    const hashed = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/.exec(word);
    if (!hashed?.[1] || !hashed[2]) return "a hashed name that is not |1|salt|hash";
    const hash = Buffer.from(hashed[2], "base64");
    if (hash.length !== 20) return "a hashed name of the wrong length";
    return { kind: "hashed", salt: Buffer.from(hashed[1], "base64"), hash };
  }
  const patterns = word
    .split(",")
    .filter((part) => part !== "")
    .map((part) => {
      const not = part.startsWith("!");
      const glob = (not ? part.slice(1) : part).toLowerCase();
      return { not, glob };
    });
  return patterns.length > 0 ? { kind: "patterns", patterns } : "no name";
}

/** `*` and `?` as in ssh_config(5). Two pointers instead of a regular expression: a hostile line cannot make it slow. */
function globMatches(glob: string, name: string): boolean {
  let g = 0;
  let star = -1;
  let from = 0;
  for (let n = 0; n < name.length; ) {
    if (glob[g] === "*") {
      star = g++;
      from = n;
    } else if (glob[g] === "?" || glob[g] === name[n]) {
      g++;
      n++;
    } else if (star >= 0) {
      g = star + 1;
      n = ++from;
    } else return false;
  }
  while (glob[g] === "*") g++;
  return g === glob.length;
}

/** Whether an entry speaks of this host. A negated pattern that matches rules the whole line out, as in OpenSSH. */
export function speaksOf(entry: KnownEntry, address: string, port: number): boolean {
  const name = hostName(address, port);
  if (entry.names.kind === "hashed")
    return timingSafeEqual(createHmac("sha1", entry.names.salt).update(name).digest(), entry.names.hash);
  let found = false;
  for (const { not, glob } of entry.names.patterns) {
    if (!globMatches(glob, name)) continue;
    if (not) return false;
    found = true;
  }
  return found;
}

export type Verdict =
  | { readonly kind: "known" }
  /** Nothing on record. `authority`: a certificate authority is, which cannot be checked here. */
  | { readonly kind: "unknown"; readonly authority: boolean }
  /** `known`: fingerprint on record. `sameType`: false where only keys of other types are on record. */
  | { readonly kind: "changed"; readonly known: string; readonly knownType: string; readonly sameType: boolean }
  | { readonly kind: "revoked" };

/**
 * Judges the key that a host showed. Stricter than OpenSSH in one point: where only keys of other types are on record, the key counts
 * as changed, because whoever sits in between would show just that.
 */
export function judgeKey(known: KnownHosts, address: string, port: number, key: Uint8Array): Verdict {
  const fingerprint = fingerprintOf(key);
  const type = typeOfKey(key);
  const ours = known.entries.filter((entry) => speaksOf(entry, address, port));
  if (ours.some((entry) => entry.marker === "revoked" && entry.fingerprint === fingerprint)) return { kind: "revoked" };
  const plain = ours.filter((entry) => entry.marker === "none");
  if (plain.some((entry) => entry.fingerprint === fingerprint)) return { kind: "known" };
  const same = plain.find((entry) => entry.keyType === type || entry.keyType === "*");
  const other = same ?? plain[0];
  if (!other) return { kind: "unknown", authority: ours.some((entry) => entry.marker === "cert-authority") };
  return { kind: "changed", known: other.fingerprint, knownType: other.keyType, sameType: same !== undefined };
}

/** Types of the keys on record, to be asked for first: else a host that has several would show another one, and look changed. */
export function knownTypes(known: KnownHosts, address: string, port: number): string[] {
  const types = new Set<string>();
  for (const entry of known.entries)
    if (entry.marker === "none" && entry.keyType !== "*" && speaksOf(entry, address, port)) types.add(entry.keyType);
  return [...types];
}

/** The line that puts an approved fingerprint on record. `keyType` "*" where only the fingerprint is known (command line). */
export function approvalLine(approved: {
  readonly address: string;
  readonly port: number;
  readonly keyType?: string;
  readonly fingerprint: string;
}): string {
  return `${hostName(approved.address, approved.port)} ${approved.keyType ?? "*"} ${approved.fingerprint}`;
}
