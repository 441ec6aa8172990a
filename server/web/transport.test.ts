import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as tcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as tls } from "node:tls";
import { io } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Certificate } from "./http/certificate";
import { hostNameOf } from "./http/host";
import { makePem } from "./http/pem";
import { type Site, startSite, testPassword } from "./testing";

let folder: string;
let pem: ReturnType<typeof makePem>;
let other: ReturnType<typeof makePem>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "taproot-tls-"));
  pem = makePem(folder, "one");
  other = makePem(folder, "two");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let site: Site;
afterEach(() => site?.close());
const start = async (env: Record<string, string> = {}) => {
  site = await startSite({ env });
};

interface Asked {
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}
/** A request with any Host. The certificate is compared by hand where a test is about it. */
function ask(path: string, { host, method = "GET", headers, body }: Asked = {}) {
  const url = new URL(path, site.url);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const all = {
      ...(body ? { "Content-Type": "application/json" } : {}),
      ...(host ? { Host: host } : {}),
      ...headers,
    };
    const request = send(url, { method, headers: all, rejectUnauthorized: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end(body ? JSON.stringify(body) : undefined);
  });
}
const login = (more: Asked = {}) =>
  ask("/api/auth/login", {
    method: "POST",
    body: { email: "vic@example.org", password: testPassword },
    ...more,
  });

describe("https by a certificate of our own", () => {
  const files = () => ({ TAPROOT_TLS_CERT: pem.cert, TAPROOT_TLS_KEY: pem.key });

  it("serves pages, REST and sockets, with a cookie that no sibling can plant", async () => {
    await start(files());
    const vic = await site.person("viewer", "vic");
    expect(site.url).toMatch(/^https:/);
    const host = "taproot.example.org";
    const answer = await login({ host, headers: { Origin: `https://${host}` } });
    expect(answer.status, answer.text).toBe(200);
    const line = answer.headers["set-cookie"]?.[0] ?? "";
    expect(line).toMatch(/^__Host-taproot_session=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
    expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000");
    const [cookie = ""] = line.split(";");
    expect((await ask("/api/me", { headers: { Cookie: cookie } })).status).toBe(200);
    // The same session under the plain name: what a page of evil.example.org could set for .example.org.
    const plain = { Cookie: `taproot_session=${vic.credential}` };
    expect((await ask("/api/me", { headers: plain })).status).toBe(401);
    expect((await ask("/hosts", { headers: plain })).headers.location).toBe("/login?next=%2Fhosts");
    expect(await socketSays(plain)).toBe("no-session");
    expect(await socketSays({ Cookie: vic.cookie })).toBe("connected");
  });

  it("takes no Origin of http, and on http none of https", async () => {
    await start(files());
    await site.person("viewer", "vic");
    const { host } = new URL(site.url);
    expect((await login({ headers: { Origin: `http://${host}` } })).status).toBe(403);
    expect((await login({ headers: { Origin: `https://${host}` } })).status).toBe(200);
    await site.close();
    await start();
    await site.person("viewer", "vic");
    const plain = new URL(site.url).host;
    expect((await login({ headers: { Origin: `https://${plain}` } })).status).toBe(403);
    expect((await login({ headers: { Origin: `http://${plain}` } })).status).toBe(200);
  });

  it("does not pin loopback's names: everything else on this machine would have to be https too", async () => {
    await start(files());
    expect((await ask("/healthz")).headers["strict-transport-security"]).toBeUndefined();
  });

  it("speaks TLS 1.2 and newer, and shrugs off what is no TLS", async () => {
    await start(files());
    const port = Number(new URL(site.url).port);
    const version = (max: "TLSv1.1" | "TLSv1.2" | "TLSv1.3") =>
      new Promise<string | null>((resolve) => {
        const options = {
          port,
          host: "127.0.0.1",
          rejectUnauthorized: false,
          minVersion: "TLSv1",
          maxVersion: max,
        } as const;
        const socket = tls({ ...options, ciphers: "DEFAULT@SECLEVEL=0" }, () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.on("error", () => resolve(null));
      });
    expect([await version("TLSv1.1"), await version("TLSv1.2"), await version("TLSv1.3")]).toEqual([
      null,
      "TLSv1.2",
      "TLSv1.3",
    ]);
    await new Promise<void>((resolve) => {
      const socket = tcp(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      socket.on("close", () => resolve());
      socket.on("error", () => socket.destroy());
      socket.resume();
    });
    expect((await ask("/healthz")).status).toBe(200);
  });

  it("reads the certificate again, and keeps the old one while the two files do not fit", async () => {
    const [cert, key] = [join(folder, "live.pem"), join(folder, "live.key")];
    const put = (from: typeof pem) => {
      copyFileSync(from.cert, cert);
      copyFileSync(from.key, key);
    };
    put(pem);
    await start({ TAPROOT_TLS_CERT: cert, TAPROOT_TLS_KEY: key });
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const port = Number(new URL(site.url).port);
        const socket = tls({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        });
        socket.on("error", reject);
      });
    expect(await shown()).toBe("one");
    copyFileSync(other.cert, cert);
    site.reload();
    expect(await shown()).toBe("one");
    expect(site.logged.at(-1)).toMatch(/live\.key: does not belong to the certificate .* stays in use$/);
    copyFileSync(other.key, key);
    site.reload();
    expect(await shown()).toBe("two");
    expect(site.logged.at(-1)).toMatch(/^web: certificate read again, valid to /);
    rmSync(key);
    site.reload();
    expect(await shown()).toBe("two");
    expect(site.logged.at(-1)).toMatch(/live\.key: there is no such file; /);
  });

  it("sees by itself that the files have changed", async () => {
    const [cert, key] = [join(folder, "seen.pem"), join(folder, "seen.key")];
    copyFileSync(pem.cert, cert);
    copyFileSync(pem.key, key);
    const certificate = new Certificate({ cert, key }, () => undefined, 50);
    const changed = new Promise<void>((resolve) => certificate.onChange(() => resolve()));
    // The watch is by stat, which first has to have seen the old file.
    await new Promise((resolve) => setTimeout(resolve, 200));
    copyFileSync(other.key, key);
    copyFileSync(other.cert, cert);
    await changed;
    expect(certificate.options.cert).toBe(readFileSync(other.cert, "utf8"));
    certificate.close();
  });

  it("names the file that is no good, in one line", () => {
    const rubbish = join(folder, "rubbish");
    writeFileSync(rubbish, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    const open = (cert: string, key: string) => () => new Certificate({ cert, key }, () => undefined);
    const none = join(folder, "none");
    expect(open(none, pem.key)).toThrow(`TLS certificate ${none}: there is no such file`);
    expect(open(pem.cert, none)).toThrow(`TLS key ${none}: there is no such file`);
    expect(open(rubbish, pem.key)).toThrow(`TLS certificate ${rubbish}: not a certificate in PEM`);
    expect(open(pem.cert, rubbish)).toThrow(`TLS key ${rubbish}: not a private key in PEM`);
    expect(open(pem.cert, other.key)).toThrow(
      `TLS key ${other.key}: does not belong to the certificate in ${pem.cert}`,
    );
  });
});

describe("the Host", () => {
  const statusOf = async (host: string, path = "/login") => (await ask(path, { host })).status;

  it("is a name of this machine on loopback, for pages, REST and sockets", async () => {
    await start();
    const vic = await site.person("viewer", "vic");
    for (const host of ["localhost", "localhost:3000", "127.0.0.1:1", "[::1]:9", "LOCALHOST", "127.0.0.5"])
      expect(await statusOf(host), host).toBe(200);
    for (const host of [
      "evil.example",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "192.0.2.7",
      "a@localhost",
      "",
    ]) {
      for (const path of ["/login", "/api/auth/setup", "/socket.io/?EIO=4&transport=polling", "/_next/static/x.js"])
        expect(await rawStatus(path, host), `${host} ${path}`).toBe(421);
      expect(await rawStatus("/socket.io/?EIO=4&transport=websocket", host, true), host).toBe(421);
      expect(await rawStatus("/healthz", host)).toBe(200);
    }
    expect(site.drawn.length).toBe(6);
    const answer = await ask("/api/me", { host: "evil.example", headers: { Cookie: vic.cookie } });
    expect(JSON.parse(answer.text).error).toMatchObject({ code: "host", message: expect.stringContaining("--url") });
    expect(await socketSays({ Cookie: vic.cookie, Host: "evil.example" })).toBe("websocket error");
  });

  it("is that of TAPROOT_URL and no other, where it is set", async () => {
    await start({ TAPROOT_URL: "https://taproot.example.org" });
    for (const host of ["taproot.example.org", "TAPROOT.example.org:443", "taproot.example.org."])
      expect(await statusOf(host), host).toBe(200);
    for (const host of ["localhost", "127.0.0.1", "example.org", "x.taproot.example.org"])
      expect(await statusOf(host), host).toBe(421);
    expect((await ask("/login", { host: "localhost" })).text).toContain("https://taproot.example.org");
    expect(await statusOf("10.0.0.1", "/healthz")).toBe(200);
  });

  it("is what the certificate stands for, where there is one", async () => {
    const wide = makePem(folder, "wide", "DNS:*.lab.example.org,IP:192.0.2.9");
    await start({ TAPROOT_TLS_CERT: wide.cert, TAPROOT_TLS_KEY: wide.key, TAPROOT_HOST: "0.0.0.0" });
    for (const host of ["t.lab.example.org", "192.0.2.9", "localhost"]) expect(await statusOf(host), host).toBe(200);
    for (const host of ["lab.example.org", "192.0.2.8", "evil.example"]) expect(await statusOf(host), host).toBe(421);
  });

  it("is any plain address on http for others, but no stranger's name", async () => {
    await start({ TAPROOT_INSECURE_HTTP: "1", TAPROOT_HOST: "0.0.0.0" });
    for (const host of ["192.0.2.7:3000", "[2001:db8::1]", "localhost"]) expect(await statusOf(host), host).toBe(200);
    expect(await statusOf("evil.example")).toBe(421);
  });

  it("is read as a browser writes it", () => {
    expect(hostNameOf("[::1]:3000")).toBe("::1");
    expect(hostNameOf("A.Example:1")).toBe("a.example");
    for (const header of [undefined, "", "a b", "a/b", "u@a", "a?b", "a#b", "a\\b", "a:x"])
      expect(hostNameOf(header), String(header)).toBeUndefined();
  });
});

describe("http for others", () => {
  it("marks each page, and nobody else can", async () => {
    const seen: unknown[] = [];
    site = await startSite({
      env: { TAPROOT_INSECURE_HTTP: "1", TAPROOT_HOST: "0.0.0.0" },
      onDraw: ({ headers }) => seen.push(headers["x-taproot-plain-http"]),
    });
    await ask("/login");
    await site.close();
    site = await startSite({ onDraw: ({ headers }) => seen.push(headers["x-taproot-plain-http"]) });
    await ask("/login", { headers: { "X-Taproot-Plain-Http": "1" } });
    expect(seen).toEqual(["1", undefined]);
  });
});

describe("a proxy that nobody spoke of", () => {
  const forwarded = { "X-Forwarded-For": "198.51.100.9, 192.0.2.7" };
  it("is said once, with what to set, and is not believed", async () => {
    await start();
    await site.person("viewer", "vic");
    const { origin } = new URL(site.url);
    for (let at = 0; at < 3; at++) await login({ headers: { ...forwarded, Origin: origin } });
    const notes = site.logged.filter((line) => line.includes("x-forwarded-for"));
    expect(notes).toEqual([expect.stringContaining("TAPROOT_PROXY=1")]);
    expect((await site.store.audit.list(1))[0]?.detail).toBe("from 127.0.0.1");
  });
  it("is believed and not spoken of where it is set", async () => {
    await start({ TAPROOT_PROXY: "1" });
    await site.person("viewer", "vic");
    await login({ headers: { ...forwarded, Origin: site.url } });
    expect(site.logged).toEqual([]);
    expect((await site.store.audit.list(1))[0]?.detail).toBe("from 192.0.2.7");
  });
});

describe("search engines", () => {
  it("are told to keep off every answer", async () => {
    await start();
    for (const path of ["/login", "/share/x", "/api/incidents/x", "/api/incidents/x/markdown", "/healthz", "/hosts"])
      expect((await ask(path)).headers["x-robots-tag"], path).toBe("noindex, nofollow");
  });
});

/** What becomes of a WebSocket with these headers: "connected", or the code or message of the refusal. */
function socketSays(extraHeaders: Record<string, string>): Promise<string> {
  const socket = io(site.url, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    rejectUnauthorized: false,
    extraHeaders: { Origin: site.url, ...extraHeaders },
  });
  return new Promise<string>((resolve) => {
    socket.on("connect", () => resolve("connected"));
    socket.on("connect_error", (error) => {
      const data = "data" in error ? (error.data as { code?: string } | undefined) : undefined;
      resolve(data?.code ?? error.message);
    });
  }).finally(() => socket.disconnect());
}

/** Status of a request whose Host may be anything at all, even empty; `upgrade` asks for a WebSocket. */
function rawStatus(path: string, host: string, upgrade = false): Promise<number> {
  const more = upgrade
    ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    : "Connection: close\r\n";
  return new Promise((resolve, reject) => {
    const socket = tcp(Number(new URL(site.url).port), "127.0.0.1", () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`),
    );
    socket.once("data", (bytes) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(bytes.toString("latin1"))?.[1] ?? 0));
      socket.destroy();
    });
    socket.on("error", reject);
  });
}
