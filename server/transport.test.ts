import { describe, expect, it } from "vitest";
import { readServerConfig } from "./config";
import { isLoopback, siteUrl, type TransportAsked, transportOf } from "./transport";

const asked = (over: Partial<TransportAsked> = {}): TransportAsked => ({
  host: "127.0.0.1",
  url: null,
  cert: undefined,
  key: undefined,
  insecure: false,
  ...over,
});

describe("the transport", () => {
  it("is http on loopback only", () => {
    for (const host of ["127.0.0.1", "127.3.2.1", "localhost", "::1"])
      expect(transportOf(asked({ host }))).toEqual({ kind: "loopback" });
    for (const host of ["0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "hv1", "127.example.org", "localhost.example.org"])
      expect(() => transportOf(asked({ host })), host).toThrow(
        new RegExp(`^${host} is reached over a network[^]*--tls-cert[^]*--url[^]*--host 127.0.0.1[^]*--insecure-http`),
      );
  });

  it("is whatever brings https, or what the careless insist on", () => {
    const url = new URL("https://taproot.example.org");
    expect(transportOf(asked({ host: "0.0.0.0", url }))).toEqual({ kind: "proxy" });
    expect(transportOf(asked({ url }))).toEqual({ kind: "proxy" });
    const files = { cert: "/c.pem", key: "/k.pem" };
    expect(transportOf(asked({ host: "0.0.0.0", ...files }))).toEqual({ kind: "tls", ...files });
    expect(transportOf(asked({ host: "0.0.0.0", ...files, insecure: true }))).toEqual({ kind: "tls", ...files });
    expect(transportOf(asked({ host: "0.0.0.0", insecure: true }))).toEqual({ kind: "plain" });
    // On loopback there is nothing to be careless about: no banner.
    expect(transportOf(asked({ insecure: true }))).toEqual({ kind: "loopback" });
  });

  it("is no proxy that speaks http to the world", () => {
    const url = new URL("http://taproot.example.org");
    expect(() => transportOf(asked({ url }))).toThrow(/^http:\/\/taproot.example.org is reached over a network/);
    expect(transportOf(asked({ url, insecure: true }))).toEqual({ kind: "plain" });
    expect(transportOf(asked({ url: new URL("http://localhost:8080") }))).toEqual({ kind: "loopback" });
  });

  it("says what is missing or contradicts itself, in one line that names it", () => {
    expect(() => transportOf(asked({ cert: "/c.pem" }))).toThrow(/^--tls-cert .*\/c.pem: its key is missing/);
    expect(() => transportOf(asked({ key: "/k.pem" }))).toThrow(/^--tls-key .*\/k.pem: its certificate is missing/);
    const url = new URL("http://localhost");
    expect(() => transportOf(asked({ cert: "/c", key: "/k", url }))).toThrow(/TAPROOT_URL.*it says http/);
  });

  it("knows loopback in every writing", () => {
    for (const host of ["[::1]", "LOCALHOST", "::ffff:127.0.0.1"]) expect(isLoopback(host), host).toBe(true);
    for (const host of ["128.0.0.1", "1270.0.0.1", "::2", ""]) expect(isLoopback(host), host).toBe(false);
  });

  it("takes an address of a site and nothing else", () => {
    expect(siteUrl("", "--url")).toBeNull();
    expect(siteUrl("https://a.example.org:8443", "--url")?.host).toBe("a.example.org:8443");
    for (const text of ["taproot", "ftp://a", "https://a/path", "https://u@a", "https://a/?q", "javascript:1"])
      expect(() => siteUrl(text, "--url"), text).toThrow(/^--url /);
  });
});

describe("the command line", () => {
  const env = { TAPROOT_TLS_CERT: "/c.pem", TAPROOT_TLS_KEY: "/k.pem", TAPROOT_PROXY: "1" };
  it("hands the web process what it must know, flags before variables", () => {
    expect(readServerConfig(["--host", "0.0.0.0"], env)).toMatchObject({
      transport: { kind: "tls", cert: "/c.pem", key: "/k.pem" },
      webEnv: { TAPROOT_TLS_CERT: "/c.pem", TAPROOT_TLS_KEY: "/k.pem", TAPROOT_PROXY: "1", TAPROOT_URL: "" },
    });
    const flags = ["--host=0.0.0.0", "--url=https://a.example.org", "--insecure-http"];
    expect(readServerConfig(flags, { TAPROOT_URL: "https://b.example.org" })).toMatchObject({
      transport: { kind: "proxy" },
      webEnv: { TAPROOT_URL: "https://a.example.org", TAPROOT_INSECURE_HTTP: "1", TAPROOT_PROXY: "" },
    });
  });
  it("does not take any other word for yes", () => {
    expect(() => readServerConfig([], { TAPROOT_INSECURE_HTTP: "yes" })).toThrow("TAPROOT_INSECURE_HTTP yes: 1 or 0");
  });
});
