import { type Said, said, wordsOf } from "@/lib/text/said";
import type { RemedyProgress } from "@/lib/wire/jobs/remedy";
import type { PlanView } from "@/lib/wire/rest";
import { cardOf, looseTap, moment } from "./samples";
import { accessible, expect, type Site, shot, test } from "./test";

const h = looseTap();
type Plan = Extract<PlanView["options"][number], { kind: "plan" }>;

const option = (more: Partial<Plan> = {}): Plan => ({
  kind: "plan",
  steps: [
    {
      says: { en: "Put vnet2 on br0", zh: "将 vnet2 接入 br0" },
      do: "ip link set dev vnet2 master br0",
      undo: "ip link set dev vnet2 nomaster",
    },
  ],
  touches: [h.tap],
  affects: [h.vm],
  blinks: { en: "Nothing but web-07, which is cut off already", zh: "除已断开的 web-07 外无影响" },
  risk: "low",
  management: "clear",
  windowMs: 34_000,
  windowBecause: { en: "STP forward delay 2 x 15 s", zh: "STP 转发延迟 2 x 15 秒" },
  script: "#!/bin/sh\n",
  ...more,
});
const planOf = (...options: PlanView["options"]): PlanView => ({
  run: "run-1",
  remedy: "enslave",
  remedies: ["enslave"],
  host: h.s.host,
  finding: h.finding.key,
  options,
});

const step = (phase: RemedyProgress["phase"], says: Said, undoAt?: number): RemedyProgress => ({
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
  const words = wordsOf(says);
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
  await site.answer("remedy.plan", planOf(option()));
  await page.getByRole("button", { name: /Plan the repair/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("ip link set dev vnet2 master br0");
  await expect(dialog).toContainText("ip link set dev vnet2 nomaster");
  await expect(dialog).toContainText("STP forward delay");
  await accessible(page);
  await shot(page, "remedy-plan");
  await dialog.getByRole("button", { name: /Apply/ }).click();
  await tell(site, step("probing", said("asking")));
  await tell(site, step("arming", said("arming", { seconds: 34 }), Date.now() + 34_000));
  await tell(
    site,
    step("applying", said("applying", { step: { en: "Put vnet2 on br0", zh: "将 vnet2 接入 br0" }, at: 1, of: 1 })),
  );
  await expect(dialog.getByText(/The host undoes the change in/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Undo now" })).toBeVisible();
  await accessible(page);
  await shot(page, "remedy-running");
  await tell(site, step("kept", said("answering", { some: 1, all: 1 })));
  await expect(dialog).toContainText("Kept: the check passes");
  await shot(page, "remedy-kept");
  expect((await site.calls()).find((c) => c.method === "remedy.apply")?.params).toEqual({ run: "run-1" });
});

test("risk to the management path wants the host's name typed", async ({ page, site }) => {
  await site.answer("remedy.plan", planOf(option({ risk: "high", management: "at-risk" })));
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
  const choice = (id: string) => ({ id, label: { en: id, zh: id } });
  const because = { en: "br120 is not there", zh: "br120 不存在" };
  await site.answer(
    "remedy.plan",
    planOf(option({ choice: choice("br0") }), { kind: "refused", choice: choice("br120"), because }),
  );
  await page.getByRole("button", { name: /Plan the repair/ }).click();
  const dialog = page.getByRole("dialog");
  const apply = dialog.getByRole("button", { name: /Apply/ });
  await expect(dialog).toContainText("Choose one of these");
  await expect(apply).toBeDisabled();
  await dialog.getByRole("radio", { name: "br120", exact: true }).check();
  await expect(dialog).toContainText("No plan: br120 is not there");
  await expect(apply).toBeDisabled();
  await dialog.getByRole("radio", { name: "br0", exact: true }).check();
  await apply.click();
  await expect
    .poll(async () => (await site.calls()).find((c) => c.method === "remedy.apply")?.params)
    .toEqual({ run: "run-1", choice: "br0" });
  await tell(site, step("settling", said("settling", { seconds: 30, because: "STP" }), Date.now() + 30_000));
  await dialog.getByRole("button", { name: "Undo now" }).click();
  await expect.poll(async () => (await site.calls()).some((c) => c.method === "remedy.undo")).toBe(true);
  await tell(site, step("undone", said("undoAsked")));
  await expect(dialog).toContainText("Undone: everything is as it was");
});

test("several remedies: the first is planned, another one on request", async ({ page, site }) => {
  const remedies = ["bridged-allow", "bridged-off"];
  await site.answer("remedy.plan", { ...planOf(option()), remedy: "bridged-allow", remedies });
  await page.getByRole("button", { name: /Plan the repair/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("radio", { name: "Let this bridge's frames pass" })).toBeChecked();
  await site.answer("remedy.plan", { ...planOf(option({ risk: "medium" })), remedy: "bridged-off", remedies });
  await dialog.getByRole("radio", { name: "Hand no bridged frames to iptables" }).check();
  await expect(dialog).toContainText("Medium: guests that work now notice it");
  const asked = (await site.calls()).filter((c) => c.method === "remedy.plan").map((c) => c.params);
  expect(asked).toEqual([
    { host: h.s.host, finding: h.finding.key },
    { host: h.s.host, finding: h.finding.key, remedy: "bridged-off" },
  ]);
});

test("a run is told in Chinese to who reads Chinese", async ({ page, site, context }) => {
  await context.addCookies([{ name: "taproot-language", value: "zh", url: page.url() }]);
  await page.reload();
  await site.answer("remedy.plan", planOf(option()));
  await page.getByRole("button", { name: /制定修复方案/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("STP 转发延迟");
  await dialog.getByRole("button", { name: /执行/ }).click();
  await tell(site, step("arming", said("arming", { seconds: 34 }), Date.now() + 34_000));
  await expect(dialog).toContainText("正在主机上布置撤销：34 秒后自行触发");
  await shot(page, "remedy-running-zh");
});

test("no plan: the reason is said", async ({ page, site }) => {
  await expect(page.getByRole("button", { name: /Plan the repair/ })).toBeVisible();
  await site.setUp(false);
  await page.getByRole("button", { name: /Plan the repair/ }).click();
  await expect(page.getByRole("dialog")).toContainText("No plan");
});
