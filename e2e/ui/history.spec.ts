import type { PastProblem } from "@/lib/problems/past";
import { cardOf, hypervisor, moment } from "./samples";
import { accessible, expect, shot, test } from "./test";

const h = hypervisor();
const past = (over: Partial<PastProblem>): PastProblem => ({
  id: 1,
  host: h.s.host,
  key: `nic-no-carrier@${h.eth1}`,
  check: "nic-no-carrier",
  subject: h.eth1,
  status: "fail",
  message: "eno2 has no carrier: cable, transceiver or switch port is dead",
  params: { nic: "eno2", device: "-", peer: "-" },
  tail: [],
  impacts: [],
  since: moment - 86_400_000,
  last: moment - 86_400_000 + 60_000,
  flaps: 3,
  closedAt: moment - 86_400_000 + 300_000,
  ...over,
});

test.beforeEach(async ({ page, site, logIn }) => {
  await page.clock.setFixedTime(moment + 5000);
  const snapshot = h.s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  const { params: _, ...old } = past({ id: 2, flaps: 0, message: "eno2 was dead" });
  await site.answer("problem.history", { problems: [past({}), old] });
  await logIn("viewer");
});

const address = `/hosts/${h.s.host}?sel=${encodeURIComponent(h.eth1)}&tab=changes`;

test("what has happened to a NIC before stands among its changes", async ({ page, site }) => {
  await page.goto(address);
  const rows = page.getByTestId("past-problems").getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("eno2 has no carrier");
  await expect(rows.first()).toContainText("came back 3 times");
  await expect(rows.last()).toContainText("eno2 was dead");
  await accessible(page);
  await shot(page, "history");
  expect((await site.calls()).find((c) => c.method === "problem.history")?.params).toEqual({
    host: h.s.host,
    subject: h.eth1,
    limit: 50,
  });
});

test("in the reader's language; a row of before languages were kept as it was written", async ({
  page,
  site,
  context,
}) => {
  await context.addCookies([{ name: "taproot-language", value: "zh", url: site.url }]);
  await page.goto(address);
  const rows = page.getByTestId("past-problems").getByRole("listitem");
  await expect(rows.first()).toContainText("eno2");
  await expect(rows.first()).not.toContainText("has no carrier");
  await expect(rows.first()).toContainText("复发 3 次");
  await expect(rows.last()).toContainText("eno2 was dead");
});
