import { type Bytes, format4, format6, parse4, parse6 } from "./ip";
import { IpMasks, isNobody4, macOfEui64 } from "./mask-ip";
import { MacMasks } from "./mask-mac";
import { type Keyed, numberOf } from "./random";

/** What a picture is freed of. */
export interface MaskWhat {
  readonly macs: boolean;
  /** The vendor's half of a MAC stays, which tells a Broadcom from an emulated card. */
  readonly keepVendor?: boolean | undefined;
  readonly addresses: boolean;
  readonly names: boolean;
}

const hex2 = "[\\da-f]{2}";
/** 52:54:00:12:34:56, 52-54-00-12-34-56, 5254.0012.3456, and the twelve digits alone as in enx525400123456. */
const macForms = `${hex2}(?::${hex2}){5}|${hex2}(?:-${hex2}){5}|[\\da-f]{4}\\.[\\da-f]{4}\\.[\\da-f]{4}|(?<=enx)[\\da-f]{12}`;
const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
/** An address with the length of its network; what looks like one in IPv6 is looked at again by `parse6`. */
const four = `(?<![\\d])(?:${octet}\\.){3}${octet}(?!\\d)(?:/(?:3[0-2]|[12]?\\d)(?!\\d))?`;
const six = `(?<![\\p{L}\\p{N}_])(?=[\\da-f:.]*:[\\da-f.]*:)[\\da-f:.]{2,45}(?:/\\d{1,3}(?!\\d))?`;
const uuid = "[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}";
/** Whoever logs in, in "root@192.0.2.1: permission denied". */
const login = "(?<![\\p{L}\\p{N}_.-])[a-z_][a-z\\d_.-]{0,31}(?=@[\\[\\p{L}\\p{N}])";

/** A name shorter than this is taken for one only where it stands alone: "lo" is in "slow" too. */
const wordLength = 5;
const escapeRegExp = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/**
 * Masks text. All that may stand in it has been told before (`Found`): whatever is masked gets one mask everywhere, and no mask is another thing's original.
 * One pass over the text, so that no mask is masked again.
 */
export class TextMasker {
  private readonly macs: MacMasks | undefined;
  private readonly ips: IpMasks | undefined;
  private readonly pattern: RegExp | undefined;

  /**
   * @param names what each name becomes, small letters; a name that stays becomes itself.
   */
  constructor(
    found: Found,
    what: MaskWhat,
    private readonly names: ReadonlyMap<string, string>,
    private readonly keyed: Keyed,
  ) {
    this.macs = what.macs ? new MacMasks(found.macs, what.keepVendor === true, keyed) : undefined;
    this.ips = what.addresses ? new IpMasks(found.addresses.values(), keyed, this.macs) : undefined;
    const parts: string[] = [];
    if (what.names) {
      const sorted = [...names.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
      if (sorted.length > 0) parts.push(`(?<name>${sorted.map(namePattern).join("|")})`);
      parts.push(`(?<uuid>${uuid})`, `(?<login>${login})`);
    }
    if (what.macs) parts.push(`(?<mac>(?<![\\da-f:])(?:${macForms})(?![\\da-f]|:[\\da-f]))`);
    if (what.macs || what.addresses) parts.push(`(?<six>${six})`);
    if (what.addresses) parts.push(`(?<four>${four})`);
    this.pattern = parts.length > 0 ? new RegExp(parts.join("|"), "giu") : undefined;
  }

  readonly text = (text: string): string => {
    if (!this.pattern) return text;
    return text.replace(this.pattern, (whole: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as Record<string, string | undefined>;
      if (groups.name !== undefined) {
        // A letter that folds in a way of its own (the long s) is not found by its small form: then it is masked without a number.
        return this.names.get(whole.toLowerCase()) ?? "masked";
      }
      if (groups.uuid !== undefined) return this.uuidOf(whole);
      if (groups.login !== undefined) return "user";
      if (groups.mac !== undefined) return this.macOf(whole);
      if (groups.four !== undefined) return this.prefixed(whole, parse4, format4);
      return this.sixOf(whole);
    });
  };

  private macOf(text: string): string {
    const digits = text.replace(/[^\da-f]/gi, "");
    const masked = this.macs?.of(digits.toLowerCase()) ?? digits;
    let at = 0;
    return text.replace(/[\da-f]/gi, () => masked[at++] ?? "");
  }

  /** The longest beginning that is an address: a colon or a full stop after it is no part of it. */
  private sixOf(text: string): string {
    const [, run = text, tail = ""] = /^([^/]*)(.*)$/s.exec(text) ?? [];
    for (let end = run.length; end > 1; end--) {
      if (end < run.length && !/[:.]/.test(run.slice(end, end + 1))) continue;
      if (!parse6(run.slice(0, end))) continue;
      const length = end === run.length ? tail : "";
      const rest = text.slice(end + length.length);
      return this.prefixed(run.slice(0, end) + length, parse6, format6) + (rest === "" ? "" : this.text(rest));
    }
    // No address (a time, a PCI slot): but it may hold one of the older kind.
    return this.ips ? text.replace(new RegExp(four, "gu"), (at) => this.prefixed(at, parse4, format4)) : text;
  }

  private prefixed(text: string, parse: (text: string) => Bytes | undefined, format: (bytes: Bytes) => string): string {
    const [address = "", length] = text.split("/");
    const bytes = parse(address);
    if (!bytes) return text;
    if (!this.ips) return this.byMacOnly(text, address, bytes);
    const bits = length === undefined ? undefined : Number(length);
    const isNetwork = bits !== undefined && bits < bytes.length * 8 && isZeroAfter(bytes, bits);
    const masked = isNetwork ? this.ips.ofNetwork(bytes, bits) : this.ips.of(bytes);
    return `${same(masked, bytes) ? address : format(masked)}${length === undefined ? "" : `/${length}`}`;
  }

  /** Addresses stay, but this one is made from a MAC and would tell it. */
  private byMacOnly(text: string, address: string, bytes: Bytes): string {
    if (!this.macs || bytes.length !== 16 || macOfEui64(bytes.slice(8)) === undefined) return text;
    const macs = new IpMasks([], this.keyed, this.macs);
    return (
      format6([...bytes.slice(0, 8), ...macs.of([0xfe, 0x80, 0, 0, 0, 0, 0, 0, ...bytes.slice(8)]).slice(8)]) +
      text.slice(address.length)
    );
  }

  private uuidOf(text: string): string {
    const answer = this.keyed(`uuid ${text.toLowerCase()}`);
    let at = 0;
    return text.replace(/[\da-f]/gi, () => ((numberOf(answer, at++ >> 1, 1) >> (at & 1 ? 4 : 0)) & 15).toString(16));
  }
}

/** MACs (twelve digits) and addresses that occur. */
export interface Found {
  readonly macs: ReadonlySet<string>;
  /** By their text. */
  readonly addresses: ReadonlyMap<string, Bytes>;
}

/** Looks for MACs and addresses in any text. */
export function find(texts: Iterable<string>): Found {
  const macs = new Set<string>();
  const addresses = new Map<string, Bytes>();
  const pattern = new RegExp(
    `(?<mac>(?<![\\da-f:])(?:${macForms})(?![\\da-f]|:[\\da-f]))|(?<six>${six})|(?<four>${four})`,
    "giu",
  );
  const put = (bytes: Bytes | undefined) =>
    bytes && !(bytes.length === 4 && isNobody4(bytes)) && addresses.set(bytes.join("."), bytes);
  for (const text of texts)
    for (const { 0: whole, groups } of text.matchAll(pattern)) {
      if (groups?.mac !== undefined) macs.add(whole.replace(/[^\da-f]/gi, "").toLowerCase());
      else if (groups?.four !== undefined) put(parse4(whole.split("/", 1).join("")));
      else
        for (const part of whole.split("/", 1))
          for (let end = part.length; end > 1; end--) if (put(parse6(part.slice(0, end)))) break;
      for (const older of groups?.six?.matchAll(new RegExp(four, "gu")) ?? [])
        put(parse4(older[0].split("/", 1).join("")));
    }
  for (const bytes of addresses.values()) {
    const mac = bytes.length === 16 ? macOfEui64(bytes.slice(8)) : undefined;
    if (mac !== undefined) macs.add(mac);
  }
  return { macs, addresses };
}

function namePattern(name: string): string {
  const pattern = escapeRegExp(name);
  if (name.length >= wordLength) return pattern;
  const word = /[\p{L}\p{N}]/u;
  const before = word.test(name[0] ?? "") ? "(?<![\\p{L}\\p{N}])" : "";
  const after = word.test(name.at(-1) ?? "") ? "(?![\\p{L}\\p{N}])" : "";
  return before + pattern + after;
}

const isZeroAfter = (bytes: Bytes, length: number) =>
  bytes.every((byte, at) => (byte & (0xff >> Math.min(8, Math.max(0, length - 8 * at)))) === 0);
const same = (a: Bytes, b: Bytes) => a.every((byte, at) => byte === b[at]);
