import { isIP } from "node:net";
import { ConfigError } from "./config-error";

/**
 * How what people type (passwords, private keys) crosses the network.
 * - tls       we speak https ourselves, by this certificate and key (PEM files)
 * - proxy     TAPROOT_URL says https: a proxy before us brings it
 * - loopback  http, and only this machine can reach it
 * - plain     http for others too, because the operator insisted (--insecure-http); every page warns
 */
export type Transport =
  | { readonly kind: "tls"; readonly cert: string; readonly key: string }
  | { readonly kind: "proxy" }
  | { readonly kind: "loopback" }
  | { readonly kind: "plain" };

export interface TransportAsked {
  /** Address that is listened on. */
  readonly host: string;
  /** TAPROOT_URL: how people reach the site. */
  readonly url: URL | null;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly insecure: boolean;
}

/** Names and addresses that never leave this machine: localhost, 127.0.0.0/8, ::1. Takes the brackets of a URL's host. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (name === "localhost" || name === "::1") return true;
  const four = name.replace(/^::ffff:/, "");
  return isIP(four) === 4 && four.startsWith("127.");
}

/**
 * Decides how the site may be served. Both the supervisor and the web process ask: each may be started without the other.
 * @throws ConfigError where secrets would cross a network in the clear and nobody has said that they may, or where what is asked contradicts itself.
 */
export function transportOf(asked: TransportAsked): Transport {
  const { host, url, cert, key, insecure } = asked;
  if ((cert === undefined) !== (key === undefined))
    throw new ConfigError(
      cert === undefined
        ? `--tls-key (TAPROOT_TLS_KEY) ${key}: its certificate is missing (--tls-cert or TAPROOT_TLS_CERT)`
        : `--tls-cert (TAPROOT_TLS_CERT) ${cert}: its key is missing (--tls-key or TAPROOT_TLS_KEY)`,
    );
  if (cert !== undefined && key !== undefined) {
    if (url?.protocol === "http:")
      throw new ConfigError(`--url (TAPROOT_URL) ${url.origin}: it says http, but --tls-cert makes the site https`);
    return { kind: "tls", cert, key };
  }
  if (url?.protocol === "https:") return { kind: "proxy" };
  const reaches = isLoopback(host) ? (url && !isLoopback(url.hostname) ? url.origin : undefined) : host;
  if (reaches === undefined) return { kind: "loopback" };
  if (insecure) return { kind: "plain" };
  throw new ConfigError(refusal(reaches));
}

const refusal = (reaches: string) =>
  [
    `${reaches} is reached over a network, and nothing here makes that https:`,
    "passwords and private keys would cross it in the clear. Choose one:",
    "  --tls-cert FILE --tls-key FILE  serve https by a certificate of yours",
    "  --url https://NAME              a proxy of yours serves https at NAME (docs/reverse-proxy.md)",
    "  --host 127.0.0.1                this machine only; from another one: ssh -L 3000:127.0.0.1:3000 THIS-MACHINE",
    "  --insecure-http                 http all the same; every page then says so",
  ].join("\n");

/** The site's address, as TAPROOT_URL or --url gives it. @throws ConfigError for anything but http(s)://NAME[:PORT]. */
export function siteUrl(text: string | undefined, from: string): URL | null {
  if (text === undefined || text === "") return null;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "")
    throw new ConfigError(`${from} ${text}: not an address of a site, such as https://taproot.example.org`);
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "")
    throw new ConfigError(
      `${from} ${text}: only scheme, name and port; Taproot has a name of its own, not a path of another's`,
    );
  return url;
}
