/** A block of IPv4 addresses; `first` is its lowest address as a number. */
export interface Subnet {
  readonly first: number;
  readonly prefix: number;
}

/** An IPv4 address as a number; undefined for anything else, IPv6 included. */
export function ipv4Number(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!parts) return undefined;
  const bytes = parts.slice(1).map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The subnet that an address with its prefix length lies in; undefined where it is no IPv4. */
export function subnetOf(address: string, prefix: number): Subnet | undefined {
  const number = ipv4Number(address);
  if (number === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { first: Math.floor(number / size) * size, prefix };
}

/** "192.0.2.0/24" or a single address, as routes name their destination. */
export function subnetNamed(text: string): Subnet | undefined {
  const [address = "", prefix] = text.split("/");
  return subnetOf(address, prefix === undefined ? 32 : Number(prefix));
}

export function holds({ first, prefix }: Subnet, address: string): boolean {
  const number = ipv4Number(address);
  return number !== undefined && number >= first && number < first + 2 ** (32 - prefix);
}

/** Two blocks overlap where one holds the other. */
export const overlap = (a: Subnet, b: Subnet): boolean =>
  a.first < b.first + 2 ** (32 - b.prefix) && b.first < a.first + 2 ** (32 - a.prefix);

export function subnetText({ first, prefix }: Subnet): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${bytes.join(".")}/${prefix}`;
}

/** Addresses that a host gives itself when nobody answers its DHCP (RFC 3927). */
export const isLinkLocal = (address: string): boolean => /^(?:169\.254\.|fe80:)/i.test(address);
