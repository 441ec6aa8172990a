import type { HostDelta } from "@/lib/wire/model";
import { cardOf, hypervisor, moment, oneCable } from "./samples";
import { password } from "./site";
import { expect, test } from "./test";

const dot = "[data-testid=live-dot]";

test.beforeEach(async ({ logIn }) => logIn("viewer"));

/** What turns the well hypervisor into the one with a pulled cable. */
function cablePulled(seq: number): HostDelta {
  const after = oneCable().s.snapshot();
  return {
    host: after.host.id,
    epoch: "e1",
    seq,
    at: moment + 1000,
    nodes: { put: after.nodes.filter((n) => n.status !== "ok"), drop: [] },
    edges: { put: after.edges.filter((e) => e.status !== "ok"), drop: [] },
    findings: { put: after.findings, drop: [] },
    problems: { put: after.problems, drop: [] },
  };
}

test("a link change recolours the page at once and stands among the changes", async ({ page, site }) => {
  const h = hypervisor();
  const before = h.s.snapshot({ seq: 10 });
  await site.serve([cardOf(before)], [before]);
  await page.goto(`/hosts/${before.host.id}?view=table&sel=${encodeURIComponent(h.eth1)}`);
  const nic = page.locator(`[data-node="${h.eth1}"]`);
  await expect(nic).toHaveAttribute("data-status", "ok");
  await expect(page.locator(dot)).toHaveAttribute("data-live", "live");
  await site.change("host", cablePulled(11));
  await expect(nic).toHaveAttribute("data-status", "fail");
  await page.getByRole("tab", { name: "Changes" }).click();
  await expect(page.getByTestId("panel")).toContainText("ok → broken");
});

test("the dot is not green without collector, says since when, and comes back", async ({ page, site }) => {
  const snapshot = hypervisor().s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await page.goto(`/hosts/${snapshot.host.id}`);
  await expect(page.locator(dot)).toHaveAttribute("data-live", "live");
  await site.setUp(false);
  await expect(page.locator(dot)).toHaveAttribute("data-live", "collector-down");
  await expect(page.locator(dot)).toContainText(/Collector down since \d\d:\d\d:\d\d/);
  await expect(page.getByTestId("canvas")).toHaveClass(/grayscale/);
  await site.setUp(true);
  await site.push({ push: "hello", epoch: "e1" });
  await expect(page.locator(dot)).toHaveAttribute("data-live", "live");
});

test("a cut connection reconnects and catches up what was missed", async ({ page, site }) => {
  const h = hypervisor();
  const before = h.s.snapshot({ seq: 10 });
  await site.serve([cardOf(before)], [before]);
  await page.goto(`/hosts/${before.host.id}?view=table`);
  const nic = page.locator(`[data-node="${h.eth1}"]`);
  await expect(nic).toHaveAttribute("data-status", "ok");
  await page.context().setOffline(true);
  await site.drop();
  await expect(page.locator(dot)).toHaveAttribute("data-live", "reconnecting");
  await site.change("host", cablePulled(11));
  const after = { ...oneCable().s.snapshot({ seq: 11 }) };
  await site.answer("host.snapshot", { [after.host.id]: after }, "host");
  await page.context().setOffline(false);
  await expect(page.locator(dot)).toHaveAttribute("data-live", "live", { timeout: 20_000 });
  await expect(nic).toHaveAttribute("data-status", "fail");
});

test("the fleet page follows, worst first", async ({ page, site }) => {
  const [a, b] = [hypervisor("kvm-a").s.snapshot(), hypervisor("kvm-b").s.snapshot()];
  await site.serve([cardOf(a), cardOf(b)], [a, b]);
  await page.goto("/");
  const rows = page.getByTestId("cards").locator("li");
  await expect(rows.first()).toHaveAttribute("data-host", "kvm-a");
  await site.change("fleet", { put: [cardOf(oneCable("kvm-b").s.snapshot())], drop: [] });
  await expect(rows.first()).toHaveAttribute("data-host", "kvm-b");
  await expect(rows.first()).toContainText("eno2 has no carrier");
});

test("a session that is ended elsewhere leaves nothing on the screen", async ({ page, site, browser }) => {
  const snapshot = hypervisor().s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await page.goto(`/hosts/${snapshot.host.id}`);
  await expect(page.locator(dot)).toHaveAttribute("data-live", "live");
  const admin = await browser.newContext({ extraHTTPHeaders: { Origin: site.url } });
  await admin.request.post(`${site.url}/api/auth/login`, { data: { email: "admin@example.org", password } });
  const { users } = (await (await admin.request.get(`${site.url}/api/users`)).json()) as {
    users: { id: string; name: string }[];
  };
  const viewer = users.find((u) => u.name === "viewer");
  expect((await admin.request.delete(`${site.url}/api/users/${viewer?.id}/sessions`)).status()).toBe(200);
  await expect(page).toHaveURL(/\/login\?next=/);
  await admin.close();
});
