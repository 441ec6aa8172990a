import { bothCables, cardOf, crowded, hostile, hypervisor, looseTap, moment, oneCable, type Sample } from "./samples";
import { accessible, expect, type Site, shot, test } from "./test";

const open = async (site: Site, s: Sample, over: Parameters<Sample["snapshot"]>[0] = {}) => {
  const snapshot = s.snapshot(over);
  await site.serve([cardOf(snapshot)], [snapshot]);
  return `/hosts/${snapshot.host.id}`;
};

test.beforeEach(async ({ page, logIn }) => {
  await page.clock.setFixedTime(moment + 5000);
  await logIn("operator");
});

test("a pulled cable: one red problem with its tail, nobody impacted, and the table says the same", async ({
  page,
  site,
}) => {
  const h = oneCable();
  await page.goto(await open(site, h.s));
  const problems = page.getByTestId("problems").locator("> li");
  await expect(problems).toHaveCount(1);
  await expect(problems).toHaveAttribute("data-status", "fail");
  await expect(problems).not.toContainText("impacted");
  await expect(problems).toContainText("1 more under it");
  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.locator(`[data-edge="${h.member1}"]`)).toHaveAttribute("data-status", "fail");
  await expect(page.locator(`[data-edge="${h.member0}"]`)).toHaveAttribute("data-status", "ok");
  await expect(page.locator(`[data-node="${h.guests[0]}"]`)).toHaveAttribute("data-status", "ok");
  await page.goBack();
  await expect(page.getByTestId("canvas")).toBeVisible();
});

test("both cables: one problem, every guest impacted, and each guest says what cuts it off", async ({ page, site }) => {
  const h = bothCables();
  const path = await open(site, h.s);
  await page.goto(path);
  const problems = page.getByTestId("problems").locator("> li");
  await expect(problems).toHaveCount(1);
  await expect(problems).toContainText("8 guests impacted");
  await page.goto(`${path}?sel=${encodeURIComponent(h.guests[0] ?? "")}`);
  const panel = page.getByTestId("panel");
  await expect(panel).toContainText("Cut off by");
  await panel.getByText("bond0 has no active member").click();
  await expect(panel.getByRole("heading", { level: 2 })).toHaveText("bond0");
  await page.goBack();
  await expect(panel.getByRole("heading", { level: 2 })).toHaveText("web-01");
});

test("the panel shows expected, seen, evidence, impacts and the remedy; tabs and selection live in the address", async ({
  page,
  site,
}) => {
  const h = looseTap();
  const path = await open(site, h.s);
  await page.goto(path);
  await page
    .getByTestId("problems")
    .getByRole("button", { name: /vnet2 of web-07/ })
    .click();
  await expect(page).toHaveURL(/sel=/);
  const panel = page.getByTestId("panel");
  await expect(panel).toContainText("virsh domiflist web-07");
  await expect(panel).toContainText('(no "master")');
  await expect(panel.getByRole("button", { name: "web-07" })).toBeVisible();
  await expect(panel.getByRole("button", { name: /Plan the repair/ })).toBeVisible();
  await panel.getByRole("tab", { name: "Details" }).click();
  await expect(panel).toContainText("fe:54:00:12:00:02");
  await expect(page).toHaveURL(/tab=details/);
  await page.reload();
  await expect(page.getByTestId("panel").getByRole("tab", { name: "Details" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
});

test("keys lead from node to node and open the panel", async ({ page, site }) => {
  const h = hypervisor();
  await page.goto(await open(site, h.s));
  const canvas = page.getByTestId("canvas");
  await canvas.focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("panel").getByText("VM", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("panel")).toBeHidden();
});

test("a click on a node opens it", async ({ page, site }) => {
  const h = hypervisor();
  await page.goto(await open(site, h.s));
  const canvas = page.getByTestId("canvas");
  await page.waitForTimeout(500);
  const box = await canvas.boundingBox();
  if (!box) throw new Error("no canvas");
  // The drawing of eight guests is centred: VMs stand in the last lane at the right end, in rows around the middle.
  await page.mouse.click(box.x + box.width - 95, box.y + box.height / 2 - 8);
  await expect(page.getByTestId("panel")).toBeVisible();
});

test("262 guests are bounded: the rest is one group that can be searched", async ({ page, site }) => {
  const h = crowded(262);
  const path = await open(site, h.s);
  await page.goto(path);
  await expect(page.getByTestId("canvas")).toBeVisible();
  await page.goto(`${path}?sel=${encodeURIComponent("group/ok/kvm-big-01/bridge/br0")}`);
  const group = page.getByRole("complementary");
  await expect(group).toContainText(/\d+ guests drawn as one/);
  await group.getByRole("textbox").fill("vps-0261");
  await group.getByRole("button", { name: "vps-0261" }).click();
  await expect(page.getByTestId("panel").getByRole("heading", { level: 2 })).toHaveText("vps-0261");
  // From far away no heading stands on top of another.
  await page.getByRole("button", { name: "Show all" }).click();
  await page.waitForTimeout(300);
  const visible = await page
    .getByTestId("lanes")
    .locator("span")
    .evaluateAll((spans) =>
      spans
        .filter((span) => getComputedStyle(span).visibility === "visible")
        .map((span) => ({ left: span.getBoundingClientRect().left, right: span.getBoundingClientRect().right })),
    );
  for (const [i, span] of visible.entries())
    expect(visible[i + 1]?.left ?? span.right).toBeGreaterThanOrEqual(span.right - 1);
});

test("hostile names are text, visible, and run nothing", async ({ page, site }) => {
  const h = hostile();
  await page.goto(`${await open(site, h.s)}?view=table`);
  await expect(page.getByText('<img src=x onerror="document.title=1">').first()).toBeVisible();
  await expect(page.getByText("web-\\u202e10-niamod").first()).toBeVisible();
  await expect(page.getByText("\\x1b[31mred\\x1b[0m").first()).toBeVisible();
  await page.getByTestId("problems").getByRole("button").first().click();
  await expect(page.getByTestId("panel")).toContainText("</pre><script>");
  await expect(page).toHaveTitle("kvm-hostile - Taproot");
  await shot(page, "hostile-table");
});

test("the filter dims what does not answer and counts what does", async ({ page, site }) => {
  const h = bothCables();
  await page.goto(await open(site, h.s));
  await page.getByRole("textbox", { name: "Filter" }).fill("status:fail");
  await expect(page.getByText("3 match")).toBeVisible();
  await expect(page).toHaveURL(/q=status/);
  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.locator("[data-node]")).toHaveCount(3);
});

test("a host without answer says so on its box and above it, since when", async ({ page, site }) => {
  const h = hypervisor();
  for (const id of [...h.s.nodes.keys(), ...h.s.edges.keys()]) h.s.status(id, "stale");
  const path = await open(site, h.s, {
    host: {
      state: "unreachable",
      reason: "connect: no route to host",
      seenAt: moment - 65_000,
      since: moment - 60_000,
    },
  });
  await page.goto(path);
  await expect(page.getByText("Unreachable. connect: no route to host")).toBeVisible();
  await expect(page.getByText(/no answer since \d\d:\d\d:\d\d/)).toBeVisible();
  await expect(page.getByTestId("canvas")).toHaveClass(/grayscale/);
  await expect(page.getByRole("button", { name: "Retry now" })).toBeVisible();
  await page.waitForTimeout(300);
  await shot(page, "host-stale");
});

test("a host that is not there, and one that has not been read yet", async ({ page, site }) => {
  await site.serve([]);
  await page.goto("/hosts/nowhere");
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  const empty = {
    ...hypervisor("new").s.snapshot({ host: { state: "connecting", seenAt: null } }),
    nodes: [],
    edges: [],
    probes: [],
  };
  await site.serve([cardOf(empty)], [empty]);
  await page.goto("/hosts/new");
  await expect(page.getByText("Not read yet")).toBeVisible();
});

for (const scheme of ["light", "dark"] as const)
  test(`topology and panel are accessible in ${scheme}`, async ({ page, site }) => {
    await page.emulateMedia({ colorScheme: scheme });
    const h = bothCables();
    const path = await open(site, h.s);
    await page.goto(`${path}?sel=${encodeURIComponent(h.bond)}`);
    await expect(page.getByTestId("panel")).toBeVisible();
    await page.waitForTimeout(400);
    await accessible(page);
    await shot(page, `panel-${scheme}`);
    await page.getByRole("button", { name: "Table" }).click();
    await accessible(page);
  });

test("in Chinese", async ({ page, site }) => {
  const h = looseTap();
  await page.goto(await open(site, h.s));
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  await expect(page.getByRole("button", { name: "分享事件" })).toBeVisible();
  await page.getByTestId("problems").getByRole("button").first().click();
  await expect(page.getByTestId("panel")).toContainText("期望");
  await page.waitForTimeout(400);
  await shot(page, "host-zh");
  await page.reload();
  await expect(page.getByRole("button", { name: "分享事件" })).toBeVisible();
  // The cards tell the same sentence as the list beside them.
  await page.goto("/");
  const sentence = page.getByTestId("cards").locator(`[data-host="${h.s.snapshot().host.id}"]`);
  await expect(sentence).toContainText(/vnet2.*\p{Script=Han}/u);
  await expect(sentence).not.toContainText("is on no bridge");
  // So does the guest's panel, which says what cuts it off.
  await page.goto(`/hosts/${h.s.snapshot().host.id}?sel=${encodeURIComponent(h.vm)}`);
  await expect(page.getByTestId("panel")).toContainText(/vnet2.*\p{Script=Han}/u);
  await expect(page.getByTestId("panel")).not.toContainText("is on no bridge");
});
