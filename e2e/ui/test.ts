import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { password, Site } from "./site";

type Role = "admin" | "operator" | "viewer";

interface Fixtures {
  /** Logs in by the real form's request; the session stays in the page's context. */
  logIn(role: Role): Promise<void>;
  /** What the browser complained about: errors of scripts and refusals of the Content-Security-Policy. */
  complaints: string[];
}

/** A test with the site of its worker, freshly reset. */
export const test = base.extend<Fixtures & { site: Site }, { worker: Site }>({
  worker: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => {
      const site = await Site.start();
      await use(site);
      site.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  site: async ({ worker }, use) => {
    await worker.reset();
    await use(worker);
  },
  baseURL: async ({ worker }, use) => use(worker.url),
  logIn: async ({ page, worker }, use) => {
    await use(async (role) => {
      const answer = await page.request.post("/api/auth/login", {
        headers: { Origin: worker.url },
        data: { email: `${role}@example.org`, password },
      });
      expect(answer.status(), await answer.text()).toBe(200);
    });
  },
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await use(complaints);
      // A refused request is logged by the browser itself; the test that provokes one says so by what it expects on the page.
      expect(complaints.filter((c) => !/Failed to load resource|WebSocket connection|ERR_/.test(c))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect, type Site };

const shots = process.env.SHOTS;

/** Keeps a picture where SHOTS names a folder: for a person to look at. */
export async function shot(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

/** Opens the search by its keys. A page that has just come takes keys only once its script runs: as a person would, it presses again. */
export async function openSearch(page: Page): Promise<void> {
  const search = page.getByRole("combobox");
  await expect(async () => {
    if (!(await search.isVisible())) await page.keyboard.press("Control+k");
    await expect(search).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

/** WCAG 2.2 A and AA, as far as a machine can tell. */
export async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
}
