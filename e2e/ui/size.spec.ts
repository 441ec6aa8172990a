import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { cardOf, looseTap } from "./samples";
import { expect, test } from "./test";

/**
 * What a page may weigh: all script that the browser has taken by the time the page is drawn and the network is still, packed with gzip, in
 * units of 1000 bytes. A phone on a bad line has to load it, unpack it and read it before anything is seen. A page that grows beyond its budget
 * has most likely begun to import a registry of units; the dependency rule `pages-without-the-judge` names the way.
 */
const budget = { host: 380, incident: 335 };

interface Script {
  readonly path: string;
  readonly packed: number;
  readonly bytes: number;
}

/** Notes every script that this page takes from now on: by its tags, by import(), by preloading. */
function scriptsOf(page: Page): () => Promise<Script[]> {
  const taken = new Map<string, Promise<Script>>();
  page.on("response", (response) => {
    const path = new URL(response.url()).pathname;
    if (taken.has(path) || !/javascript/.test(response.headers()["content-type"] ?? "")) return;
    taken.set(
      path,
      response.body().then((body) => ({ path, packed: gzipSync(body).length, bytes: body.length })),
    );
  });
  return () => Promise.all(taken.values());
}

const kilo = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** Prints what was loaded, and fails where it is more than the budget or nothing at all. */
function weigh(name: keyof typeof budget, scripts: readonly Script[]): void {
  const packed = scripts.reduce((sum, one) => sum + one.packed, 0);
  const bytes = scripts.reduce((sum, one) => sum + one.bytes, 0);
  console.log(
    `script of the ${name} page: ${kilo(packed)} packed of ${budget[name]} kB, ${kilo(bytes)} unpacked, ${scripts.length} files`,
  );
  for (const one of [...scripts].sort((a, b) => b.packed - a.packed).slice(0, Number(process.env.SIZE_LINES ?? 8)))
    console.log(`  ${kilo(one.packed).padStart(9)} ${one.path}`);
  // React alone packs to more than 50 kB: less than that means that nothing was measured.
  expect.soft(packed, `nothing was measured of the ${name} page`).toBeGreaterThan(50_000);
  expect.soft(packed, `the ${name} page takes more script than its budget`).toBeLessThanOrEqual(budget[name] * 1000);
}

test("the host page and a public incident keep to their budgets of script", async ({ page, site, logIn, browser }) => {
  const h = looseTap();
  const broken = h.s.snapshot();
  await site.serve([cardOf(broken)], [broken]);
  await logIn("operator");
  const ofHost = scriptsOf(page);
  await page.goto(`/hosts/${broken.host.id}?sel=${encodeURIComponent(h.tap)}`);
  await expect(page.getByTestId("canvas")).toBeVisible();
  await expect(page.getByTestId("panel")).toBeVisible();
  await page.waitForLoadState("networkidle");
  const host = await ofHost();

  await page.getByRole("button", { name: "Share incident" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: "Opens without an account" }).check();
  await dialog.getByRole("button", { name: "Make link" }).click();
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  const stranger = await (await browser.newContext()).newPage();
  const ofIncident = scriptsOf(stranger);
  await stranger.goto(link);
  await expect(stranger.getByRole("heading", { level: 1 })).toContainText("Frozen incident");
  await expect(stranger.getByTestId("canvas")).toBeVisible();
  await stranger.waitForLoadState("networkidle");
  const incident = await ofIncident();
  await stranger.context().close();

  weigh("host", host);
  weigh("incident", incident);
});
