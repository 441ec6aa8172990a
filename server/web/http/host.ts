import { isIP } from "node:net";
import { hostname } from "node:os";
import { isLoopback } from "@/server/transport";
import type { WebConfig } from "../config";

/** A name under which a request came in, without port and brackets; undefined for what is no host at all. */
export function hostNameOf(header: string | undefined): string | undefined {
  if (header === undefined || /[\s/@\\?#]/.test(header) || !URL.canParse(`http://${header}`)) return undefined;
  return new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "") || undefined;
}

/**
 * Whether the site answers to this name. A page of a stranger can give its own name the address of this machine (DNS rebinding); its requests then
 * count as coming from the same site, and only the name betrays them.
 *
 * - With TAPROOT_URL: its name and no other. The port is not compared: a stranger's name is a stranger's on every port, and nginx's $host leaves it out.
 * - By a certificate of our own: what it stands for, and this machine's loopback.
 * - On loopback: loopback's names, and the name that is listened on.
 * - http for others (--insecure-http): any plain address, which no name server can turn over; this machine's own name; loopback.
 *
 * @param covers whether the site's own certificate stands for a name.
 */
export function answersTo(
  config: Pick<WebConfig, "url" | "host" | "transport">,
  covers: (name: string) => boolean,
): (header: string | undefined) => boolean {
  const own = config.url === null ? undefined : hostNameOf(config.url.host);
  const listened = config.host.toLowerCase();
  return (header) => {
    const name = hostNameOf(header);
    if (name === undefined) return false;
    if (own !== undefined) return name === own;
    if (isLoopback(name) || name === listened) return true;
    if (config.transport.kind === "tls") return covers(name);
    return config.transport.kind === "plain" && (isIP(name) !== 0 || name === hostname().toLowerCase());
  };
}

/** What a visitor with the wrong name is told. */
export function wrongHost(config: Pick<WebConfig, "url">): string {
  return config.url
    ? `Taproot is at ${config.url.origin} (TAPROOT_URL) and answers to no other name. A proxy must pass the visitor's Host on.`
    : "Taproot does not know this name. Open it as localhost, or start it with the name by which it is reached: --url https://NAME (TAPROOT_URL).";
}
