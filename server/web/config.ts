import { z } from "zod";
import { busPath } from "@/server/bus/path";
import { siteUrl, type Transport, transportOf } from "@/server/transport";

/** Settings of the web process, from its environment. */
export interface WebConfig {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Path of the collector's socket. */
  readonly bus: string;
  readonly dev: boolean;
  /** How people reach the site, where that is not http://<this machine>:<port>: a name, a proxy that does TLS. */
  readonly url: URL | null;
  /** A proxy stands before us: its last X-Forwarded-For entry is the visitor's address and its X-Forwarded-Proto is believed. */
  readonly behindProxy: boolean;
  readonly transport: Transport;
}

const Switch = z.enum(["0", "1", ""]).default("0");
const Env = z.object({
  TAPROOT_DATA: z.string().min(1).default("data"),
  TAPROOT_HOST: z.string().min(1).default("127.0.0.1"),
  TAPROOT_PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  TAPROOT_BUS: z.string().min(1).optional(),
  TAPROOT_DEV: Switch,
  TAPROOT_URL: z.string().default(""),
  TAPROOT_PROXY: Switch,
  TAPROOT_TLS_CERT: z.string().default(""),
  TAPROOT_TLS_KEY: z.string().default(""),
  TAPROOT_INSECURE_HTTP: Switch,
});

/** Reads the environment. Throws an Error whose message names the variable that is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): WebConfig {
  const parsed = Env.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? "environment");
    throw new Error(`${name}=${env[name] ?? ""}: ${issue?.message ?? "not valid"}`);
  }
  const set = parsed.data;
  const url = siteUrl(set.TAPROOT_URL, "TAPROOT_URL");
  return {
    dataDir: set.TAPROOT_DATA,
    host: set.TAPROOT_HOST,
    port: set.TAPROOT_PORT,
    bus: set.TAPROOT_BUS ?? busPath(set.TAPROOT_DATA),
    dev: set.TAPROOT_DEV === "1",
    url,
    behindProxy: set.TAPROOT_PROXY === "1",
    transport: transportOf({
      host: set.TAPROOT_HOST,
      url,
      cert: set.TAPROOT_TLS_CERT || undefined,
      key: set.TAPROOT_TLS_KEY || undefined,
      insecure: set.TAPROOT_INSECURE_HTTP === "1",
    }),
  };
}
