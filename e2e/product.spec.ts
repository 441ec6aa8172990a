/** The product as a whole, over the demo fleet: starting, being killed, ending. What it says of real hosts is proved in lab.spec.ts. */
import { createServer } from "node:net";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { api, becomeAdmin, execute, Product } from "./product";

test.describe.configure({ mode: "serial", timeout: 120_000 });

let product: Product;
let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
  product = await Product.start();
  context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  page = await context.newPage();
});

test.afterAll(async () => {
  await context?.close();
  await product?.dispose();
});

const cards = async () =>
  (await api<{ cards: { host: { id: string; state: string; demo: boolean } }[] }>(context, product, "GET", "/hosts"))
    .cards;
const dot = () => page.getByTestId("live-dot");

test("look around in the demo fleet, clearly marked", async () => {
  await becomeAdmin(page, product);
  await page.getByRole("button", { name: "Start the demo fleet" }).click();
  await expect
    .poll(async () => (await cards()).filter((card) => card.host.state === "live").length, { timeout: 60_000 })
    .toBe(8);
  expect((await cards()).every((card) => card.host.demo)).toBe(true);
  await expect(page.getByText("Hosts marked DEMO are simulated.")).toBeVisible();
});

test("web process killed: it comes back, the session with it, and the page catches up by itself", async () => {
  await page.goto(`${product.url}/hosts/kvm-01`);
  await expect(dot()).toHaveAttribute("data-live", "live", { timeout: 30_000 });
  const { web, collector } = await product.pids();
  process.kill(web, "SIGKILL");
  await expect(dot()).not.toHaveAttribute("data-live", "live", { timeout: 20_000 });
  await expect(dot()).toHaveAttribute("data-live", "live", { timeout: 60_000 });
  const after = await product.pids();
  expect(after.web).not.toBe(web);
  expect(after.collector).toBe(collector);
  expect((await cards()).length).toBe(8);
});

test("collector killed: the page says so and shows nothing as current, then everything is live again", async () => {
  const { collector } = await product.pids();
  process.kill(collector, "SIGKILL");
  await expect(dot()).not.toHaveAttribute("data-live", "live", { timeout: 20_000 });
  await expect(dot()).toHaveAttribute("data-live", "live", { timeout: 60_000 });
  await expect
    .poll(async () => (await cards().catch(() => [])).filter((card) => card.host.state === "live").length, {
      timeout: 60_000,
    })
    .toBe(8);
});

test("what cannot start says why in one line", async () => {
  const second = await execute(process.execPath, [
    "scripts/start.mjs",
    "--no-build",
    "--port",
    "0",
    "--data",
    product.data,
  ]);
  expect(second.status).not.toBe(0);
  expect(second.stderr.trim().split("\n")).toHaveLength(1);
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const address = taken.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const refused = await execute(process.execPath, [
    "scripts/start.mjs",
    "--no-build",
    "--port",
    String(port),
    "--data",
    `${product.data}-other`,
  ]);
  taken.close();
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toContain(String(port));
  const folder = await execute(process.execPath, [
    "scripts/start.mjs",
    "--no-build",
    "--port",
    "0",
    "--data",
    "/proc/taproot",
  ]);
  expect(folder.status).not.toBe(0);
  expect(folder.stderr).toContain("/proc/taproot");
});

test("Ctrl-C ends both processes cleanly", async () => {
  const { web, collector } = await product.pids();
  expect(await product.stop()).toBe(0);
  for (const pid of [web, collector]) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});
