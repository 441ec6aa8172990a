import { isIPv6 } from "node:net";

/**
 * What an address counts as where attempts are counted: IPv4 singly, IPv6 by its /64, for that is what one customer is given at the least (RFC 6177) and
 * 2^64 addresses cost him nothing. Text that is no address counts as it is.
 */
export function addressKey(address: string): string {
  const plain = address.replace(/%.*$/, "").toLowerCase();
  if (!isIPv6(plain)) return plain;
  const mapped = /^(?:0*:)*:?(?:0*:)*ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  // The last 32 bits may be written as IPv4; they lie outside of the prefix, so two groups of anything stand for them.
  const [head = "", tail] = plain.replace(/\d+\.\d+\.\d+\.\d+$/, "0:0").split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

const groups = (text: string) => (text === "" ? [] : text.split(":"));
