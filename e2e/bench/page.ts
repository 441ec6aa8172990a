/**
 * (f) One status delta of a host of 60 guests, from the socket's message to the painted frame, in Chromium. (g) What a host page does while nothing happens on the host. Both over the
 * real web process and the real pages of a checkout, with a collector that says what this file tells it to: so the same deltas go to any commit.
 */
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { edit } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import type { HostDelta, HostSnapshot } from "@/lib/wire/model";
import { makeEngine } from "@/server/collector/engine";
import type { HostEngine } from "@/server/collector/engine/api";
import { password, Site } from "../ui/site";
import { healthyHost } from "./engine";
import { sleep } from "./stats";

const guests = 60;
const host = "kvm-01";
const changesEach = 20;
const idleMs = 60_000;
/** As in the product. The web process of the browser's tests is in more of a hurry. */
const pulseMs = 2_000;
/** How long it has been so: what is minutes old is told in minutes, and nothing moves each second. */
const hours = 3 * 3_600_000;
/** An idle host tells nothing but how long its probes took, at most this often (see the engine's `quietMs`). */
const quietMs = 30_000;

export const kinds = ["guest", "uplink"] as const;
/** `guest`: one guest's TAP is set down, and up again. `uplink`: all NICs lose their carrier, which cuts every guest off, and get it back. */
export type Kind = (typeof kinds)[number];

/** Times from message to painted frame, ms. Throws where a delta never came to be seen. */
export async function paints(tree: string, kind: Kind): Promise<number[]> {
  // As fast as it can: waiting for the screen's next frame would say more of the screen than of the page.
  return withPage(
    tree,
    ["--disable-gpu-vsync", "--disable-frame-rate-limit"],
    async ({ page, site, engine, facts }) => {
      await page.evaluate(() => Object.assign(window, { painted: [] }));
      // The first changes compile what the others run.
      const rounds = 2 * (changesEach + 4);
      for (let round = 0; round < rounds; round++) {
        const before = engine.snapshot();
        const delta = engine.read(
          round % 2 === 0 ? broken(facts, kind) : { "ip-link": facts["ip-link"] },
          [],
          Date.now(),
        );
        if (!delta || !isStatusOnly(delta, before)) throw new Error("the change made no delta of states alone");
        await site.delta(delta);
        await page.waitForFunction((count) => (window as unknown as Seen).painted.length === count, round + 1, {
          polling: 50,
        });
        const problems = await page.locator("[data-testid=problems] [data-finding]").count();
        if (problems > 0 !== (round % 2 === 0)) throw new Error("what was painted is not what was told");
        await sleep(250);
      }
      return (await page.evaluate(() => (window as unknown as Seen).painted)).slice(8);
    },
  );
}

/** Work of the page's main thread in a minute in which nothing happens on the host, ms. */
export async function idle(tree: string): Promise<number> {
  return withPage(tree, [], async ({ page, site, engine }) => {
    await sleep(5_000);
    const cdp = await page.context().newCDPSession(page);
    // By the processor's time and not the wall's: what other processes take of the machine is no work of the page.
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    const worked = async () => {
      const { metrics } = await cdp.send("Performance.getMetrics");
      const task = metrics.find((metric) => metric.name === "TaskDuration");
      if (!task) throw new Error("Chromium does not say how long tasks took");
      return task.value * 1000;
    };
    const before = await worked();
    for (let passed = 0; passed < idleMs; passed += quietMs) {
      await sleep(quietMs);
      const delta = engine.read(
        {},
        [{ id: "ip-link", outcome: "ok", ms: 3 + passed / quietMs, bytes: 9_000, at: Date.now() }],
        Date.now() + quietMs,
      );
      if (!delta) throw new Error("an idle host told nothing of its probes");
      await site.delta(delta);
    }
    const spent = (await worked()) - before;
    if ((await page.locator("[data-testid=live-dot]").getAttribute("data-live")) !== "live")
      throw new Error("the page was not live");
    return spent;
  });
}

interface Seen {
  readonly painted: number[];
}

interface Setting {
  readonly page: Page;
  readonly site: Site;
  readonly engine: HostEngine;
  readonly facts: Facts;
}

async function withPage<T>(tree: string, args: readonly string[], work: (setting: Setting) => Promise<T>): Promise<T> {
  const site = await Site.start({ TAPROOT_TEST_PULSE_MS: String(pulseMs) }, tree);
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", ...args],
    });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
    const page = await context.newPage();
    await page.addInitScript({ path: fileURLToPath(new URL("note-frames.js", import.meta.url)) });
    const now = Date.now();
    const facts = healthyHost(guests, now);
    const engine = makeEngine(
      { id: host, name: host, address: "192.0.2.11", state: "live", since: now - hours, seenAt: now, demo: false },
      "bench",
      {},
    );
    engine.read(facts, [], now);
    const snapshot = engine.snapshot();
    if (snapshot.findings.some((finding) => finding.status !== "unknown")) throw new Error("the host is not healthy");
    await site.serve([engine.card()], [snapshot]);
    await logIn(page, site);
    await page.goto(`${site.url}/hosts/${host}`);
    await page.locator("[data-testid=canvas][data-ready=true]").waitFor({ timeout: 60_000 });
    await page.locator("[data-testid=live-dot][data-live=live]").waitFor({ timeout: 60_000 });
    await sleep(3_000);
    return await work({ page, site, engine, facts });
  } finally {
    await browser?.close();
    site.stop();
  }
}

async function logIn(page: Page, site: Site): Promise<void> {
  const answer = await page.request.post(`${site.url}/api/auth/login`, {
    headers: { Origin: site.url },
    data: { email: "operator@example.org", password },
  });
  if (!answer.ok()) throw new Error(`log-in: ${answer.status()} ${await answer.text()}`);
}

function broken(facts: Facts, kind: Kind): Facts {
  const links = edit(facts, "ip-link", (all) => {
    const tap = all.find((link) => link.linkinfo?.info_kind === "tun")?.ifname;
    return all.map((link) => {
      const hit =
        kind === "guest" ? link.ifname === tap : link.parentdev !== undefined || link.linkinfo?.info_kind === "bond";
      if (!hit) return link;
      const lost = kind === "guest" ? ["UP", "LOWER_UP"] : ["LOWER_UP"];
      const flags = link.flags.filter((flag) => !lost.includes(flag));
      return { ...link, flags: kind === "guest" ? flags : ["NO-CARRIER", ...flags], operstate: "DOWN" };
    });
  });
  return { "ip-link": links["ip-link"] };
}

/** Nothing came, went or got another name. */
function isStatusOnly(delta: HostDelta, { nodes, edges }: HostSnapshot): boolean {
  const names = new Map(nodes.map((node) => [node.id, node.name]));
  const ids = new Set(edges.map((edge) => edge.id));
  return (
    (delta.nodes?.drop.length ?? 0) + (delta.edges?.drop.length ?? 0) === 0 &&
    (delta.nodes?.put ?? []).every((node) => names.get(node.id) === node.name) &&
    (delta.edges?.put ?? []).every((edge) => ids.has(edge.id))
  );
}
