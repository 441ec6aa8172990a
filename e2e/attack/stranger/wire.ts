import { connect } from "node:net";
import { type Attack, all } from "../define";
import { codeOf, raw } from "../http";
import { send, site } from "../people";
import { sleep } from "../world";

const head = `Host: ${site}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.30\r\n`;

/** Bytes that two servers in a row may read as different requests. The second one, where it is read as one, is answered too. */
const smuggled: Readonly<Record<string, string>> = {
  "length and chunks": `POST /api/auth/login HTTP/1.1\r\n${head}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n${head}\r\n`,
  "two lengths": `POST /api/auth/login HTTP/1.1\r\n${head}Content-Length: 0\r\nContent-Length: 30\r\n\r\nGET /healthz HTTP/1.1\r\n${head}\r\n`,
  "chunked, misspelt": `POST /api/auth/login HTTP/1.1\r\n${head}Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\nGET /healthz HTTP/1.1\r\n${head}\r\n`,
  "blank before the colon": `POST /api/auth/login HTTP/1.1\r\n${head}Content-Length : 0\r\n\r\nGET /healthz HTTP/1.1\r\n${head}\r\n`,
  "folded header": `POST /api/auth/login HTTP/1.1\r\n${head}X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\nGET /healthz HTTP/1.1\r\n${head}\r\n`,
  "bare line feeds": `POST /api/auth/login HTTP/1.1\nHost: ${site}\nContent-Length: 0\n\nGET /healthz HTTP/1.1\n\n`,
};

const traversals = [
  "/../package.json",
  "/..%2fpackage.json",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/_next/static/../../package.json",
  "/_next/static/..%2f..%2f..%2fpackage.json",
  "/_next/static/%2e%2e/%2e%2e/server/app/page.js",
  "/_next/image?url=%2f..%2fpackage.json&w=64&q=75",
  "/_next/data/x/index.json",
  "/api/../hosts",
  "/api/hosts/..%2f..%2fsecret.key/snapshot",
  "/.env",
  "/data/secret.key",
  "/static/..\\..\\package.json",
  "/share/../hosts",
  "//etc/passwd",
  "/%00",
  "/api/%ff",
];

/** By bytes on the wire. */
export const attacks: readonly Attack[] = [
  {
    id: "smuggled-request",
    finding: 13,
    wants: "a second request hidden in the body of the first, past the proxy",
    seen: { nowhere: "Node's parser refuses it before there is a request" },
    async attempt(world) {
      const tried = [];
      for (const [what, bytes] of Object.entries(smuggled)) {
        const said = await raw(world.port, bytes, 4_000);
        const answers = said.match(/HTTP\/1\.1 \d+/g) ?? [];
        tried.push({
          what,
          refused: answers.length <= 1 && !said.includes('"web":"up"'),
          got: answers.join(" and ") || "closed",
        });
      }
      return all(tried);
    },
  },
  {
    id: "path-tricks",
    finding: 13,
    wants: "a file of the machine or a part of Next, by an address that names it in a roundabout way",
    seen: { log: /refused GET .*: 400/ },
    async attempt(world) {
      const tried = [];
      for (const path of traversals) {
        const said = await raw(world.port, `GET ${path} HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, 10_000);
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0);
        const secret = /root:x:0|"dependencies"|"private": true|at \w+ \(|node_modules\//.test(said);
        tried.push({
          what: path,
          refused: !secret && (status >= 300 || status === 0),
          got: String(status || "closed"),
        });
      }
      return all(tried);
    },
  },
  {
    id: "next-internals",
    finding: 13,
    wants: "a page without a session, by the headers with which the parts of Next talk to one another; a server action",
    seen: { log: /refused POST \/hosts: 405/ },
    async attempt(world) {
      const tried = [];
      const headers = [
        { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
        { "x-middleware-prefetch": "1", "x-nextjs-data": "1" },
        { "x-invoke-path": "/hosts", "x-matched-path": "/hosts" },
        { RSC: "1", "Next-Router-State-Tree": "x" },
      ];
      for (const extra of headers) {
        const answer = await send(world.port, "/hosts", null, { headers: extra });
        tried.push({ what: Object.keys(extra).join(), refused: answer.status === 302, got: codeOf(answer) });
      }
      const action = await send(world.port, "/hosts", null, {
        method: "POST",
        body: [],
        headers: { "Next-Action": "x" },
      });
      tried.push({ what: "Next-Action", refused: action.status === 405, got: codeOf(action) });
      return all(tried);
    },
  },
  {
    id: "oversized",
    finding: 12,
    wants: "the web process's memory, by a body or headers without end",
    seen: { log: /refused POST \/api\/auth\/login: 413/ },
    async attempt(world) {
      const large = await send(world.port, "/api/auth/login", null, { method: "POST", body: "x".repeat(100_000) });
      const chunks = `POST /api/auth/login HTTP/1.1\r\n${head}Origin: https://${site}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`10000\r\n${"x".repeat(65_536)}\r\n`.repeat(40)}`;
      const endless = await raw(world.port, chunks, 8_000);
      const headers = await raw(world.port, `GET /login HTTP/1.1\r\n${head}X: ${"x".repeat(40_000)}\r\n\r\n`, 8_000);
      const deep = await send(world.port, "/api/auth/login", null, {
        method: "POST",
        headers: { "Content-Type": "application/json", Deep: "1" },
        body: JSON.parse(`${"[".repeat(3_000)}${"]".repeat(3_000)}`),
      });
      const status = (text: string) => /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? "closed";
      return all([
        { what: "100 kB", refused: large.status === 413 || large.status === 0, got: codeOf(large) },
        { what: "2.6 MB in chunks", refused: ["413", "closed"].includes(status(endless)), got: status(endless) },
        { what: "40 kB of headers", refused: ["431", "closed"].includes(status(headers)), got: status(headers) },
        { what: "deep JSON", refused: deep.status === 400, got: codeOf(deep) },
      ]);
    },
  },
  {
    id: "slow-loris",
    finding: 12,
    wants: "all connections of the site, each held open by a byte now and then",
    seen: { nowhere: "Node cuts them before there is a request" },
    slow: true,
    async attempt(world) {
      let open = 0;
      const sockets = Array.from({ length: 300 }, () => {
        const socket = connect(world.port, "127.0.0.1", () => {
          open++;
          socket.write(`GET /login HTTP/1.1\r\n${head}`);
        });
        socket.on("error", () => undefined);
        socket.on("close", () => {
          open--;
        });
        return socket;
      });
      const begun = Date.now();
      let answered = true;
      await sleep(1_000);
      const most = open;
      while (open > 0 && Date.now() - begun < 75_000) {
        for (const socket of sockets) if (!socket.destroyed) socket.write("X: y\r\n");
        answered &&= (await send(world.port, "/healthz", null, { timeoutMs: 5_000 })).status === 200;
        await sleep(2_000);
      }
      for (const socket of sockets) socket.destroy();
      if (!answered) return { harm: "the site did not answer others meanwhile", refused: null };
      return open > 0
        ? { harm: `${open} of ${most} are open after 75 s`, refused: null }
        : { harm: null, refused: `all ${most} cut within ${Math.round((Date.now() - begun) / 1000)} s, others served` };
    },
  },
  {
    id: "writes-into-log",
    finding: 13,
    wants: "lines and escape codes of its own in the log, by what it asks for",
    seen: { log: /refused GET \/api\/log-forger/ },
    async attempt(world) {
      const before = world.product.log.length;
      await raw(
        world.port,
        `GET /api/log-forger%0a%1b[2J/\x1b[31m/\u009b HTTP/1.1\r\n${head}Connection: close\r\n\r\n`,
        4_000,
      );
      await send(world.port, "/api/log-forger%ff%0aforged-line", null);
      await send(world.port, "/api/auth/login", null, {
        method: "POST",
        body: { email: "log@example.org\nforged-line", password: "x" },
      });
      const said = world.product.log.slice(before);
      const forged = said.includes("\x1b") || said.split("\n").some((line) => line.startsWith("forged-line"));
      return forged
        ? { harm: "the log holds a line or an escape code of the stranger", refused: null }
        : { harm: null, refused: "refused, and written as escapes" };
    },
  },
];
