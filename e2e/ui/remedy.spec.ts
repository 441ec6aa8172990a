import type { RemedyProgress } from "@/lib/wire/jobs/remedy";
import type { PlanView } from "@/lib/wire/rest";
import { cardOf, looseTap, moment } from "./samples";
import { accessible, expect, type Site, shot, test } from "./test";

const h = looseTap();
const plan: PlanView = {
  run: "run-1",
  remedy: "enslave",
  host: h.s.host,
  finding: h.finding.key,
  choices: [],
  steps: [
    {
      says: { en: "Put vnet2 on br0", zh: "将 vnet2 接入 br0" },
      do: "ip link set dev vnet2 master br0",
      undo: "ip link set dev vnet2 nomaster",
    },
  ],
  affects: [h.vm],
  blinks: { en: "Nothing but web-07, which is cut off already", zh: "除已断开的 web-07 外无影响" },
  risk: "low",
  windowMs: 34_000,
  windowBecause: "STP forward delay 2 x 15 s, host answers in 12 ms",
};

const step = (phase: RemedyProgress["phase"], says: string, undoAt?: number): RemedyProgress => ({
  run: "run-1",
  host: h.s.host,
  phase,
  says,
  at: moment,
  ...(undoAt ? { undoAt } : {}),
});

/** What the collector tells of the run: its job with all steps so far. */
const told: RemedyProgress[] = [];
function tell(site: Site, progress: RemedyProgress) {
  told.push(progress);
  const { run: id, phase, says, at } = progress;
  const ended = ["kept", "undone"].includes(phase);
  const words = { en: says, zh: says };
  const job = { id, kind: "remedy", hosts: [h.s.host], phase, words, startedAt: moment, at, ended };
  return site.change("job", { put: [{ ...job, body: { steps: told } }], drop: [] });
}

test.beforeEach(async ({ page, site, logIn }) => {
  told.length = 0;
  await page.clock.setFixedTime(moment + 5000);
  const snapshot = h.s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await logIn("operator");
  await page.goto(`/hosts/${h.s.host}?sel=${encodeURIComponent(h.tap)}`);
});

test("plan, apply, progress with countdown, kept", async ({ page, site }) => {
  await site.answer("remedy.plan", plan);
  await page.getByRole("button", { name: /Plan the repair/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("ip link set dev vnet2 master br0");
  await expect(dialog).toContainText("ip link set dev vnet2 nomaster");
  await expect(dialog).toContainText("STP forward delay");
  await accessible(page);
  await shot(page, "remedy-plan");
  await dialog.getByRole("button", { name: /Apply/ }).click();
  await tell(site, step("probing", "web-07 does not answer ARP"));
  await tell(site, step("arming", "transient timer armed for 34 s", Date.now() + 34_000));
  await tell(site, step("applying", "ip link set dev vnet2 master br0"));
  await expect(dialog.getByText(/The host undoes the change in/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Undo now" })).toBeVisible();
  await accessible(page);
  await shot(page, "remedy-running");
  await tell(site, step("kept", "check passes, web-07 answers"));
  await expect(dialog).toContainText("Kept: the check passes");
  await shot(page, "remedy-kept");
  expect((await site.calls()).find((c) => c.method === "remedy.apply")?.params).toEqual({ run: "run-1" });
});

test("risk to the management path wants the host's name typed", async ({ page, site }) => {
  await site.answer("remedy.plan", { ...plan, risk: "management" });
  await page.getByRole("button", { name: /Plan the repair/ }).click();
  const dialog = page.getByRole("dialog");
  const apply = dialog.getByRole("button", { name: /Apply/ });
  await expect(apply).toBeDisabled();
  await dialog.getByRole("textbox").fill(h.s.host);
  await shot(page, "remedy-risk");
  await apply.click();
  await expect
    .poll(async () => (await site.calls()).find((c) => c.method === "remedy.apply")?.params)
    .toEqual({ run: "run-1", typedHost: h.s.host });
});

test("undo on request, and a choice that must be made", async ({ page, site }) => {
  await site.answer("remedy.plan", {
    ...plan,
    choices: [
      { id: "br0", label: "br0" },
      { id: "br120", label: "br120" },
    ],
  });
  await page.getByRole("button", { name: /Plan the repair/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: /Apply/ })).toBeDisabled();
  await site.answer("remedy.plan", {
    ...plan,
    choices: [
      { id: "br0", label: "br0" },
      { id: "br120", label: "br120" },
    ],
    choice: "br0",
  });
  await dialog.getByRole("radio", { name: "br0", exact: true }).check();
  await dialog.getByRole("button", { name: /Apply/ }).click();
  await tell(site, step("settling", "waiting for STP", Date.now() + 30_000));
  await dialog.getByRole("button", { name: "Undo now" }).click();
  await expect.poll(async () => (await site.calls()).some((c) => c.method === "remedy.undo")).toBe(true);
  await tell(site, step("undone", "vnet2 is on no bridge, as before"));
  await expect(dialog).toContainText("Undone: everything is as it was");
});

test("no plan: the reason is said", async ({ page, site }) => {
  await expect(page.getByRole("button", { name: /Plan the repair/ })).toBeVisible();
  await site.setUp(false);
  await page.getByRole("button", { name: /Plan the repair/ }).click();
  await expect(page.getByRole("dialog")).toContainText("No plan");
});
