import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { Random } from "./random";

/** A host key that the seed decides: a simulated fleet keeps its keys over restarts, so that nobody must approve them again. */
export interface SimKey {
  /** For ssh2's Server: OpenSSH's own format. */
  readonly privateKey: string;
  /** "ssh-ed25519 AAAA...", as in known_hosts. */
  readonly publicLine: string;
  /** "SHA256:...", as OpenSSH prints it. */
  readonly fingerprint: string;
}

const type = "ssh-ed25519";

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Makes an Ed25519 key from 32 bytes of `source`. Only for simulated hosts: whoever knows the seed has the key. */
export function makeKey(source: Random): SimKey {
  const secret = Buffer.from(source.bytes(32));
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secret]);
  const spki = createPublicKey(createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" })).export({
    format: "der",
    type: "spki",
  });
  const point = spki.subarray(-32);
  const blob = Buffer.concat([field(type), field(point)]);
  const check = Buffer.from(source.bytes(4));
  const inner = Buffer.concat([
    check,
    check,
    field(type),
    field(point),
    field(Buffer.concat([secret, point])),
    field(""),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, at) => at + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    count,
    field(blob),
    field(Buffer.concat([inner, padding])),
  ]);
  const base64 = whole.toString("base64").replace(/(.{70})(?=.)/g, "$1\n");
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicLine: `${type} ${blob.toString("base64")}`,
    fingerprint: `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`,
  };
}
