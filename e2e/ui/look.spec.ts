import type { HostCard } from "@/lib/wire/model";
import { bothCables, cardOf, crowded, hostile, hypervisor, info, looseTap, moment, oneCable } from "./samples";
import { openSearch, shot, test } from "./test";

/** Pictures of every screen, for people to look at: `SHOTS=/tmp/shots npx playwright test --project=ui look`. */
test.use({ colorScheme: process.env.DARK ? "dark" : "light" });

for (const [name, make] of Object.entries({
  well: hypervisor,
  one: oneCable,
  both: bothCables,
  tap: looseTap,
  hostile,
  crowd: () => crowded(262),
}))
  test(`host ${name}`, async ({ page, site, logIn }) => {
    const snapshot = make().s.snapshot();
    await site.serve([cardOf(snapshot)], [snapshot]);
    await page.clock.setFixedTime(moment + 5000);
    await logIn("admin");
    await page.goto(`/hosts/${snapshot.host.id}`);
    await page.getByTestId("canvas").waitFor();
    await page.waitForTimeout(600);
    await shot(page, `host-${name}`);
  });

test("panel", async ({ page, site, logIn }) => {
  const tap = looseTap();
  const snapshot = tap.s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await page.clock.setFixedTime(moment + 5000);
  await logIn("admin");
  await page.goto(`/hosts/${snapshot.host.id}?sel=${encodeURIComponent(tap.tap)}`);
  await page.getByTestId("panel").waitFor();
  await page.waitForTimeout(600);
  await shot(page, "panel-checks");
  await page.getByRole("tab", { name: "Details" }).click();
  await shot(page, "panel-details");
  await page.goto(`/hosts/${snapshot.host.id}?view=table&sel=${encodeURIComponent(tap.vm)}`);
  await page.getByTestId("panel").waitFor();
  await shot(page, "table");
  await openSearch(page);
  await page.getByRole("combobox").fill("web");
  await shot(page, "palette");
});

test("fleet", async ({ page, site, logIn }) => {
  const spark = Array.from({ length: 30 }, (_, i) => (i % 7 === 0 ? i % 5 : 0));
  const cards: HostCard[] = [
    cardOf(hypervisor("kvm-ams-01").s.snapshot(), spark),
    cardOf(bothCables("kvm-ams-02").s.snapshot(), spark),
    cardOf(looseTap("kvm-ams-03").s.snapshot({ host: { demo: true } }), spark),
    cardOf(oneCable("kvm-fra-01").s.snapshot(), spark),
    {
      ...cardOf(hypervisor("kvm-fra-02").s.snapshot(), spark),
      host: info("kvm-fra-02", {
        state: "unreachable",
        reason: "connect to 192.0.2.12:22: no route to host",
        since: moment - 600_000,
      }),
      worst: "stale",
    },
    {
      ...cardOf(hypervisor("kvm-fra-03").s.snapshot(), spark),
      host: info("kvm-fra-03", {
        state: "refused",
        reason: "host key changed: SHA256:AbCd... is on record, SHA256:XyZ... was shown",
        since: moment - 60_000,
      }),
      worst: "stale",
    },
  ];
  await site.serve(cards);
  await page.clock.setFixedTime(moment + 5000);
  await logIn("admin");
  await page.goto("/");
  await page.getByTestId("cards").waitFor();
  await shot(page, "fleet");
  await page.goto("/hosts");
  await page.getByRole("table").waitFor();
  await shot(page, "hosts");
  await site.serve([]);
  await page.goto("/");
  await page.getByRole("heading", { name: "No hosts yet" }).waitFor();
  await shot(page, "welcome");
});

test("narrow", async ({ page, site, logIn }) => {
  const snapshot = looseTap().s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await page.clock.setFixedTime(moment + 5000);
  await logIn("admin");
  for (const width of [390, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto("/");
    await page.getByTestId("cards").waitFor();
    await shot(page, `fleet-${width}`);
    await page.goto(`/hosts/${snapshot.host.id}`);
    await page.locator("[data-testid=canvas][data-ready=true]").waitFor();
    await page.waitForTimeout(300);
    await shot(page, `host-${width}`);
  }
});
