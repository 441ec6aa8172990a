import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import next from "next";
import { addUser } from "@/server/auth/accounts";
import { openStore } from "@/server/store/store";
import { readConfig } from "@/server/web/config";
import { makeServer } from "@/server/web/server";
import { FakeCollector, realPart, testKey } from "@/server/web/testing";
import { askingWhoIs } from "@/server/web/who-is";
import { type FromSite, password, type ToSite } from "./site";

/**
 * The real web process with the real pages, sessions and socket, and a collector that says what the test tells it to. Forked by site.ts; never part
 * of the product.
 */
async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "taproot-ui-"));
  const store = await openStore(dataDir, testKey);
  const collector = new FakeCollector();
  let build = "b1";
  const real = await realPart(store, collector);
  const { auth } = real;
  collector.real = real;
  const config = readConfig({ ...process.env, TAPROOT_DATA: dataDir, TAPROOT_PORT: "0" });
  const app = next({ dev: false, dir: process.cwd(), quiet: true });
  await app.prepare();
  const draw = app.getRequestHandler();
  const server = makeServer(
    {
      config,
      collector,
      whoIs: askingWhoIs(collector),
      build: () => build,
      log: (line) => console.error(line),
    },
    (request, response) => draw(request, response),
    { pulseMs: Number(process.env.TAPROOT_TEST_PULSE_MS ?? 300), recheckMs: 500 },
  );
  await new Promise<void>((resolve) => server.http.listen(0, "127.0.0.1", resolve));
  for (const role of ["admin", "operator", "viewer"] as const)
    await addUser(auth, { name: role, email: `${role}@example.org`, password, role });

  const say = (message: FromSite) => process.send?.(message);
  process.on("message", (message: ToSite) => {
    if (message.do === "answer") {
      const { method, result, byParam } = message;
      collector.answers.set(method, (params) => {
        if (!byParam) return result;
        const key = (params as Record<string, unknown>)[byParam];
        return (result as Record<string, unknown>)[String(key)];
      });
    } else if (message.do === "push") {
      if (message.push.push === "delta") collector.change("host", message.push.delta);
      else collector.push(message.push);
    } else if (message.do === "change") collector.change(message.topic, message.delta);
    else if (message.do === "up") collector.setUp(message.up);
    else if (message.do === "reset") {
      collector.answers.clear();
      collector.calls.length = 0;
      collector.setUp(true);
      build = "b1";
    } else if (message.do === "build") build = message.build;
    else if (message.do === "drop") server.http.closeAllConnections();
    say({ done: message.id, calls: collector.calls.map(({ method, params }) => ({ method, params })) });
  });
  process.on("disconnect", () => {
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  });
  say({ url: `http://127.0.0.1:${(server.http.address() as AddressInfo).port}` });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
