import { type Keyed, numberOf } from "./random";

/** Twelve hexadecimal digits, small. */
type Digits = string;

/** Addresses of nobody: broadcast, nothing, and what protocols send to (STP, LLDP, CDP, IPv4 and IPv6 groups of the lower range). */
const common = /^(f{12}|0{12}|0180c20000[\da-f]{2}|01000ccccc[\da-f]{2}|01005e0000[\da-f]{2}|33330000[\da-f]{4})$/;

/**
 * Masks of MACs. libvirt gives a TAP the MAC of its guest with `fe` in front: that stays to be seen, since what follows the first byte is turned by itself.
 * Without the vendor a mask begins with 02 (or fe, or 33:33, 01): locally administered, so nobody takes it for a card's. Two MACs never get the same mask,
 * and none gets what is another's own.
 */
export class MacMasks {
  private readonly masks = new Map<string, string>();
  private readonly used: Set<string>;

  /** @param seen all MACs that occur, in any order and more than once. */
  constructor(
    seen: Iterable<Digits>,
    private readonly keepVendor: boolean,
    private readonly keyed: Keyed,
  ) {
    const tails = new Set<string>();
    for (const digits of seen) if (!common.test(digits)) tails.add(this.keyOf(digits));
    this.used = new Set(tails);
    // In an order of their own, so that nothing hangs on where each was met.
    for (const key of [...tails].sort()) this.masks.set(key, this.fresh(key));
  }

  /** The mask, in the same twelve digits. Common addresses stay as they are. */
  of(digits: Digits): Digits {
    if (common.test(digits)) return digits;
    const key = this.keyOf(digits);
    const tail = this.masks.get(key) ?? this.fresh(key);
    this.masks.set(key, tail);
    return firstByte(digits, this.keepVendor) + tail;
  }

  /** All but the first byte. */
  private keyOf(digits: Digits): string {
    return digits.slice(2);
  }

  private fresh(key: string): string {
    const kept = this.keepVendor ? key.slice(0, 4) : "";
    const length = 10 - kept.length;
    for (let attempt = 0; ; attempt++) {
      const number = numberOf(this.keyed(`mac ${attempt} ${key}`), 0, length / 2);
      const tail = kept + number.toString(16).padStart(length, "0");
      if (this.used.has(tail)) continue;
      this.used.add(tail);
      return tail;
    }
  }
}

function firstByte(digits: Digits, keepVendor: boolean): string {
  const first = digits.slice(0, 2);
  if (keepVendor || first === "fe" || first === "02") return first;
  return Number.parseInt(first, 16) & 1 ? "03" : "02";
}
