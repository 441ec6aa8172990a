import { type Bytes, format4, format6, network, parse4 } from "./ip";
import type { MacMasks } from "./mask-mac";
import { type Keyed, maskByte } from "./random";

/**
 * Masks of addresses that keep what a network means: two addresses that share their first 16, 20, 24... bits share as many afterwards, so a /24 is a /24 still,
 * and its gateway is in it. What no address of anybody is stays: 0/8, loopback, groups, netmasks, link-local prefixes.
 *
 * An IPv4 address gets another /16 (private ones one of 10/8, others a public one), one that no address of the picture has: so no mask is another's original.
 * Below that each bit is turned by what stands before it (as Crypto-PAn does). An IPv6 address gets a /48 of its own in the same way: fd.. for private ones,
 * 2001:db8.. (for documentation, RFC 3849) for the others.
 */
export class IpMasks {
  private readonly sites = new Map<string, Bytes>();
  private readonly used: Set<string>;

  /** @param seen all addresses that occur. @param macs for addresses that are made from a MAC (EUI-64), where MACs are masked. */
  constructor(
    seen: Iterable<Bytes>,
    private readonly keyed: Keyed,
    private readonly macs: MacMasks | undefined,
  ) {
    const sites = new Set<string>();
    for (const bytes of seen) sites.add(siteOf(bytes));
    this.used = new Set(sites);
    for (const site of [...sites].sort()) this.sites.set(site, this.fresh(site));
  }

  /** The mask; the same bytes for an address of nobody. */
  of(bytes: Bytes): Bytes {
    return bytes.length === 4 ? this.four(bytes) : this.six(bytes);
  }

  /** The mask of a network: no host bits. */
  ofNetwork(bytes: Bytes, length: number): Bytes {
    return isSupernet(bytes, length) ? bytes : network(this.of(bytes), length);
  }

  private four(bytes: Bytes): Bytes {
    const [a = 0, b = 0, c = 0, d = 0] = bytes;
    if (isNobody4(bytes)) return bytes;
    if (a === 169 && b === 254) return [a, b, ...this.turned([c, d], "169.254")];
    return [...this.siteMask(`${a}.${b}`), ...this.turned([c, d], `${a}.${b}`)];
  }

  private six(bytes: Bytes): Bytes {
    if (bytes.slice(0, 15).every((byte) => byte === 0)) return bytes; // :: and ::1
    const four = bytes.slice(12);
    const mapped = bytes.slice(0, 12);
    if (isMapped(mapped)) return [...mapped, ...this.four(four)];
    if (bytes[0] === 0xff) return this.group(bytes);
    if (bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80) return [...bytes.slice(0, 8), ...this.owner(bytes)];
    const site = siteOf(bytes);
    return [...this.siteMask(site), ...this.turned(bytes.slice(6, 8), site), ...this.owner(bytes)];
  }

  /** The half that names the machine: made from its MAC, or turned bit by bit. */
  private owner(bytes: Bytes): Bytes {
    const half = bytes.slice(8);
    const byMac = this.macs && maskEui64(half, this.macs);
    return byMac ?? this.turned(half, format6(bytes.slice(0, 8)));
  }

  /** A group of everybody (ff02::1, ff02::fb) stays; that of one address (ff02::1:ffxx:xxxx) holds the end of it. */
  private group(bytes: Bytes): Bytes {
    if (bytes.slice(2, 14).every((byte) => byte === 0)) return bytes;
    return [...bytes.slice(0, 13), ...this.turned(bytes.slice(13), `group ${format6(bytes.slice(0, 13))}`)];
  }

  private turned(bytes: Bytes, before: string): Bytes {
    return bytes.map((byte, at) => maskByte(byte, `ip ${before} ${bytes.slice(0, at).join(".")}`, this.keyed));
  }

  private siteMask(site: string): Bytes {
    const known = this.sites.get(site);
    if (known) return known;
    const made = this.fresh(site);
    this.sites.set(site, made);
    return made;
  }

  /** The first 16 bits (48 for IPv6) that stand for a site: nobody's original, nobody else's mask. */
  private fresh(site: string): Bytes {
    for (let attempt = 0; ; attempt++) {
      const candidate = makeSite(site, this.keyed(`site ${attempt} ${site}`), attempt);
      const name = candidate.length === 2 ? candidate.join(".") : siteOf([...candidate, ...Array<number>(10).fill(0)]);
      if (this.used.has(name)) continue;
      this.used.add(name);
      return candidate;
    }
  }
}

/** More than a host's tables hold of private /16s: after so many attempts 10/8 is full, and any other will do. */
const patience = 4096;

function makeSite(site: string, answer: Uint8Array, attempt: number): Bytes {
  const four = parse4(`${site}.0.0`);
  const [x = 0, y = 0] = answer;
  if (four) {
    if (isPrivate4(four) && attempt < patience) return [10, y];
    // Public, and not of a range with a meaning of its own.
    const first = 11 + (x % 200);
    return [100, 127, 169, 172, 192, 198, 203].includes(first) ? [11 + (x % 80), y] : [first, y];
  }
  const isUla = /^f[cd]/.test(site);
  return isUla ? [0xfd, ...answer.slice(0, 5)] : [0x20, 0x01, 0x0d, 0xb8, x, y];
}

const siteOf = (bytes: Bytes): string =>
  bytes.length === 4
    ? bytes.slice(0, 2).join(".")
    : bytes
        .slice(0, 6)
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("");

const isMapped = (first12: Bytes): boolean =>
  first12.slice(0, 10).every((byte) => byte === 0) && first12[10] === 0xff && first12[11] === 0xff;

/** 0/8, loopback, groups and above, and masks of networks (255.255.240.0): these name no machine. */
export function isNobody4([a = 0]: Bytes): boolean {
  return a === 0 || a === 127 || a >= 224;
}

function isPrivate4([a = 0, b = 0]: Bytes): boolean {
  return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128);
}

/** 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7, 2000::/3 and shorter: everybody has these. */
function isSupernet(bytes: Bytes, length: number): boolean {
  if (bytes.length === 16) return length <= 10;
  const plain = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];
  return length < 8 || plain.includes(`${format4(bytes)}/${length}`);
}

/** An interface's half of an IPv6 address that was made from its MAC (RFC 4291, appendix A), made from the MAC's mask; undefined for any other. */
export function maskEui64(half: Bytes, macs: MacMasks): Bytes | undefined {
  const mac = macOfEui64(half);
  if (mac === undefined) return undefined;
  const masked = macs.of(mac);
  const b = Array.from({ length: 6 }, (_, at) => Number.parseInt(masked.slice(2 * at, 2 * at + 2), 16));
  return [(b[0] ?? 0) ^ 2, b[1] ?? 0, b[2] ?? 0, 0xff, 0xfe, b[3] ?? 0, b[4] ?? 0, b[5] ?? 0];
}

export function macOfEui64(half: Bytes): string | undefined {
  if (half[3] !== 0xff || half[4] !== 0xfe) return undefined;
  const mac = [(half[0] ?? 0) ^ 2, half[1], half[2], half[5], half[6], half[7]];
  return mac.map((byte) => (byte ?? 0).toString(16).padStart(2, "0")).join("");
}
