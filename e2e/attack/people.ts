import type { OutgoingHttpHeaders } from "node:http";
import type { Role } from "@/lib/wire/rest";
import { type Answered, ask } from "./http";

/** Name under which the product is reached, by a proxy that the tests play. */
export const site = "taproot.test";
export const password = "a long enough passphrase";

/** How the product is started: behind a proxy with https, as docs/reverse-proxy.md has it. */
export const siteEnv = { TAPROOT_URL: `https://${site}`, TAPROOT_PROXY: "1" };

/** Headers that the proxy before the product adds to a request from this address. */
export const throughProxy = (address = "192.0.2.10"): OutgoingHttpHeaders => ({
  Host: site,
  "X-Forwarded-For": address,
  "X-Forwarded-Proto": "https",
});

export interface Sending {
  readonly method?: string;
  readonly body?: unknown;
  readonly from?: string;
  /** Added last; undefined takes a header away. */
  readonly headers?: OutgoingHttpHeaders;
  readonly timeoutMs?: number;
}

/** A request as a browser sends it, over the proxy; what changes something carries the site's own Origin. */
export function send(port: number, path: string, cookie: string | null, sending: Sending = {}): Promise<Answered> {
  const method = sending.method ?? "GET";
  const body = sending.body === undefined ? undefined : JSON.stringify(sending.body);
  const headers: OutgoingHttpHeaders = {
    ...throughProxy(sending.from),
    ...(method === "GET" ? {} : { Origin: `https://${site}` }),
    ...(cookie === null ? {} : { Cookie: cookie }),
    ...(body === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
    ...sending.headers,
  };
  for (const [name, value] of Object.entries(headers)) if (value === undefined) delete headers[name];
  return ask(port, path, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(sending.timeoutMs === undefined ? {} : { timeoutMs: sending.timeoutMs }),
  });
}

/** "name=value" of the session cookie that an answer sets. */
export function cookieOf(answer: Answered): string {
  const line = (answer.headers["set-cookie"] ?? []).find((one) => /taproot_session=[^;]/.test(one));
  const pair = line?.split(";")[0];
  if (pair === undefined) throw new Error(`no session was opened: ${answer.status} ${answer.text.slice(0, 300)}`);
  return pair;
}

/** Somebody with an account and an open session. */
export class Person {
  constructor(
    readonly port: number,
    readonly id: string,
    readonly email: string,
    readonly role: Role,
    readonly cookie: string,
  ) {}

  static async login(port: number, email: string, from?: string): Promise<Person> {
    const answer = await send(port, "/api/auth/login", null, {
      method: "POST",
      body: { email, password },
      ...(from === undefined ? {} : { from }),
    });
    const cookie = cookieOf(answer);
    const me = JSON.parse(answer.text) as { id: string; role: Role };
    return new Person(port, me.id, email, me.role, cookie);
  }

  /** The session as the collector is shown it. */
  get session(): string {
    return this.cookie.slice(this.cookie.indexOf("=") + 1);
  }

  send(path: string, sending: Sending = {}): Promise<Answered> {
    return send(this.port, path, this.cookie, sending);
  }

  /** As `send`; throws where it is refused. */
  async must<T>(path: string, sending: Sending = {}): Promise<T> {
    const answer = await this.send(path, sending);
    if (answer.status >= 300) throw new Error(`${sending.method ?? "GET"} ${path}: ${answer.status} ${answer.text}`);
    return (answer.text === "" ? undefined : JSON.parse(answer.text)) as T;
  }
}
