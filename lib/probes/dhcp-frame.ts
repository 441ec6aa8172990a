/** A DHCP server's packet (RFC 2131, options of RFC 2132) in an Ethernet frame. What is on a wire is anybody's: nothing is trusted, and what does not fit is no packet. */
export interface Offer {
  readonly server: string;
  readonly mac: string;
  readonly kind: "offer" | "ack" | "nak" | "other";
  readonly address?: string;
  readonly prefix?: number;
  readonly routers: string[];
}

const ethernet = 14;
/** Fixed part of BOOTP, and the cookie that stands before the options. */
const bootp = 236;
const cookie = 0x63825363;
const option = { pad: 0, mask: 1, router: 3, type: 53, server: 54, end: 255 } as const;
const kinds = new Map([
  [2, "offer"],
  [5, "ack"],
  [6, "nak"],
] as const);

/** Reads one frame; undefined where it is no whole reply of a DHCP server over IPv4. */
export function readOffer(frame: Uint8Array): Offer | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < ethernet + 20 || view.getUint16(12) !== 0x0800) return undefined;
  const first = view.getUint8(ethernet);
  const udp = ethernet + (first & 15) * 4;
  const fragment = view.getUint16(ethernet + 6) & 0x3fff;
  if (first >> 4 !== 4 || udp < ethernet + 20 || fragment !== 0 || view.getUint8(ethernet + 9) !== 17) return undefined;
  const body = udp + 8;
  if (frame.length < body + bootp + 4 || view.getUint16(udp) !== 67) return undefined;
  if (view.getUint8(body) !== 2 || view.getUint32(body + bootp) !== cookie) return undefined;
  const options = optionsOf(frame.subarray(body + bootp + 4));
  if (!options) return undefined;
  const type = options.get(option.type);
  const kind = type?.length === 1 ? (kinds.get((type[0] ?? 0) as 2 | 5 | 6) ?? "other") : "other";
  const own = addresses(options.get(option.server) ?? new Uint8Array())[0];
  const given = addresses(frame.subarray(body + 16, body + 20))[0];
  const prefix = prefixOf(options.get(option.mask));
  return {
    server: own ?? addresses(frame.subarray(ethernet + 12, ethernet + 16))[0] ?? "",
    mac: [...frame.subarray(6, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join(":"),
    kind,
    ...(given === undefined || given === "0.0.0.0" ? {} : { address: given }),
    ...(prefix === undefined ? {} : { prefix }),
    routers: addresses(options.get(option.router) ?? new Uint8Array()),
  };
}

/** Undefined where an option reaches beyond the end. Of an option that comes twice, the first counts. */
function optionsOf(bytes: Uint8Array): Map<number, Uint8Array> | undefined {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const code = bytes[at] ?? option.end;
    if (code === option.end) return found;
    if (code === option.pad) {
      at++;
      continue;
    }
    const length = bytes[at + 1];
    if (length === undefined || at + 2 + length > bytes.length) return undefined;
    if (!found.has(code)) found.set(code, bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return found;
}

function addresses(bytes: Uint8Array): string[] {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.subarray(at * 4, at * 4 + 4).join("."));
}

/** Length of a mask without holes. */
function prefixOf(mask: Uint8Array | undefined): number | undefined {
  if (mask?.length !== 4) return undefined;
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}
