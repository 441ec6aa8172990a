import { allSettings, settingKey } from "@/lib/checks/settings";
import type { SettingList } from "@/lib/wire/settings";
import { hypervisor } from "./samples";
import { accessible, expect, shot, test } from "./test";

/** What the collector would say with these values set. */
function list(values: Readonly<Record<string, number>> = {}, ignored: SettingList["ignored"] = []): SettingList {
  return {
    settings: allSettings.map(({ check, name, setting: { unit, min, max, fraction, default: usual } }) => ({
      check,
      name,
      unit,
      min,
      max,
      fraction: fraction ?? false,
      default: usual,
      value: values[settingKey(check, name)] ?? usual,
    })),
    ignored,
  };
}

for (const scheme of ["light", "dark"] as const)
  test(`an admin changes a threshold, sees it marked, and brings it back, in ${scheme}`, async ({
    page,
    site,
    logIn,
  }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await site.serve([]);
    await site.answer("settings.list", list());
    await site.answer("settings.put", list({ "nic-flapping.losses": 9 }));
    await site.answer("settings.reset", list());
    await logIn("admin");
    await page.goto("/settings");
    await page.getByRole("tab", { name: "Thresholds" }).click();
    await expect(page.getByRole("button", { name: "Reset all…" })).toBeDisabled();
    await expect(page.locator("[data-threshold]")).toHaveCount(allSettings.length);
    await page.getByRole("textbox", { name: "Filter", exact: true }).fill("nic-");
    const row = page.locator('[data-threshold="nic-flapping.losses"]');
    await expect(page.locator('[data-threshold="clock-skew.skew"]')).toHaveCount(0);
    const box = row.getByRole("textbox");
    await expect(box).toHaveValue("4");

    await box.fill("0");
    await expect(row.getByText("A whole number from 1 to 1,000")).toBeVisible();
    await expect(row.getByRole("button", { name: /^Save/ })).toBeDisabled();
    await accessible(page);
    await shot(page, `thresholds-invalid-${scheme}`);
    await box.press("Escape");
    await expect(box).toHaveValue("4");

    await box.fill("9");
    await row.getByRole("button", { name: /^Save/ }).click();
    await expect(page.getByRole("status").filter({ hasText: "Saved" })).toContainText("9 times");
    await expect(row).toHaveAttribute("data-changed", "true");
    await expect(row.getByText("changed", { exact: true })).toBeVisible();
    await page.getByRole("checkbox", { name: "Changed only (1)" }).click();
    await expect(page.locator("[data-threshold]")).toHaveCount(1);
    await expect(page.getByRole("checkbox")).toBeChecked();
    await page.getByRole("checkbox", { name: "Changed only (1)" }).click();
    await expect(page.getByRole("checkbox")).not.toBeChecked();
    await accessible(page);
    await shot(page, `thresholds-changed-${scheme}`);

    await row.getByRole("button", { name: /^Reset/ }).click();
    await expect(row).toHaveAttribute("data-changed", "false");
    await expect(box).toHaveValue("4");
    expect((await site.calls()).filter((call) => /^settings\.(put|reset)/.test(call.method))).toEqual([
      { method: "settings.put", params: { check: "nic-flapping", name: "losses", value: 9 } },
      { method: "settings.reset", params: { check: "nic-flapping", name: "losses" } },
    ]);
  });

test("a change of another admin is on the page at once, and what is being typed stays", async ({
  page,
  site,
  logIn,
}) => {
  await site.serve([]);
  await site.answer("settings.list", list());
  await logIn("admin");
  await page.goto("/settings?tab=thresholds&q=nic-flapping");
  const losses = page.locator('[data-threshold="nic-flapping.losses"]');
  const window = page.locator('[data-threshold="nic-flapping.window"]').getByRole("textbox");
  await expect(losses.getByRole("textbox")).toHaveValue("4");
  await window.fill("300");
  await site.answer("settings.list", list({ "nic-flapping.losses": 9, "nic-flapping.window": 900 }));
  await site.push({ push: "settings" });
  await expect(losses.getByRole("textbox")).toHaveValue("9");
  await expect(losses).toHaveAttribute("data-changed", "true");
  await expect(window).toHaveValue("300");
  await window.press("Escape");
  await expect(window).toHaveValue("900");
  // What one's own change answers is newer than what was loaded before; what is loaded later is newer still.
  await site.answer("settings.put", list({ "nic-flapping.losses": 7, "nic-flapping.window": 900 }));
  await losses.getByRole("textbox").fill("7");
  await losses.getByRole("button", { name: /^Save/ }).click();
  await expect(losses.getByRole("textbox")).toHaveValue("7");
  await site.answer("settings.list", list({ "nic-flapping.losses": 5 }));
  await site.push({ push: "settings" });
  await expect(losses.getByRole("textbox")).toHaveValue("5");
  await page.goto("/checks?q=nic-flapping");
  const read = page.locator('[data-threshold="nic-flapping.losses"]');
  await expect(read).toContainText("5 times (default 4)");
  await site.answer("settings.list", list());
  await site.push({ push: "settings" });
  await expect(read).toContainText("4 times (default)");
});

test("two that would contradict each other are not sent, in words that name the other one; what the server refuses stands at its row", async ({
  page,
  site,
  logIn,
}) => {
  await site.serve([]);
  await site.answer("settings.list", list({ "conntrack-full.full": 99, "conntrack-full.warn": 97 }));
  await logIn("admin");
  await page.goto("/settings?tab=thresholds&q=conntrack-full");
  const row = (name: string) => page.locator(`[data-threshold="conntrack-full.${name}"]`);
  await row("warn").getByRole("textbox").fill("100");
  await expect(row("warn").getByText("Not above “Fill that counts as full” (99 %)")).toBeVisible();
  await expect(row("warn").getByRole("button", { name: /^Save/ })).toBeDisabled();
  await row("warn").getByRole("textbox").press("Escape");
  await row("full").getByRole("textbox").fill("96");
  await expect(row("full").getByText("Not below “Fill that is worth a warning” (97 %)")).toBeVisible();
  await row("full").getByRole("textbox").press("Escape");
  // Its default is below the warning.
  await row("full")
    .getByRole("button", { name: /^Reset/ })
    .click();
  await expect(row("full").getByRole("alert")).toHaveText("95 %: Not below “Fill that is worth a warning” (97 %)");
  await accessible(page);
  await shot(page, "thresholds-contradiction");
  expect((await site.calls()).filter((call) => /^settings\.(put|reset)/.test(call.method))).toEqual([]);
  // Somebody else was faster: the server's own words.
  await site.setUp(false);
  await row("warn").getByRole("textbox").fill("98");
  await row("warn").getByRole("button", { name: /^Save/ }).click();
  await expect(row("warn").getByRole("alert")).toContainText("collector");
  await expect(row("warn").getByRole("textbox")).toHaveValue("98");
});

test("reset of all asks first, and names what could not be used", async ({ page, site, logIn }) => {
  await site.serve([]);
  await site.answer(
    "settings.list",
    list({ "nic-flapping.losses": 9, "clock-skew.skew": 0.5 }, [
      { key: "gone-check.limit", because: "this release has no such threshold" },
    ]),
  );
  await site.answer("settings.reset", list());
  await logIn("admin");
  await page.goto("/settings?tab=thresholds&changed=1");
  await expect(page.locator("[data-threshold]")).toHaveCount(2);
  await expect(page.getByRole("note")).toContainText("gone-check.limit: this release has no such threshold");
  await shot(page, "thresholds-ignored");
  await page.getByRole("button", { name: "Reset all…" }).click();
  await expect(page.getByRole("dialog")).toContainText("differ from their default: 2");
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Reset all" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByText("All thresholds are at their defaults")).toBeVisible();
  await expect(page.getByText("Nothing found")).toBeVisible();
  await expect(page.getByRole("note")).toHaveCount(0);
});

for (const role of ["viewer", "operator"] as const)
  test(`a ${role} sees them, and nothing to press; the reference of the checks leads here`, async ({
    page,
    site,
    logIn,
  }) => {
    await site.serve([]);
    await site.answer("settings.list", list({ "nic-flapping.losses": 9 }));
    await logIn(role);
    await page.goto("/checks?q=nic-flapping");
    await expect(page.locator('[data-threshold="nic-flapping.losses"]')).toHaveText(
      "Losses within the window: 9 times (default 4)",
    );
    await expect(page.locator('[data-threshold="nic-flapping.window"]')).toContainText("600 s (default)");
    await accessible(page);
    await shot(page, "thresholds-in-checks");
    await page.getByRole("link", { name: /^Open in settings/ }).click();
    await expect(page.getByRole("tab", { name: "Thresholds", selected: true })).toBeVisible();
    await expect(page.locator("[data-threshold]")).toHaveCount(2);
    await expect(page.getByText("Only an admin can change them.")).toBeVisible();
    const panel = page.getByRole("tabpanel");
    await expect(panel.getByRole("button")).toHaveCount(0);
    await expect(panel.getByRole("table").getByRole("textbox")).toHaveCount(0);
    await accessible(page);
    await shot(page, `thresholds-${role}`);
  });

test("a finding shows what it was judged by", async ({ page, site, logIn }) => {
  const { s } = hypervisor();
  const base = s.snapshot();
  const nic = base.nodes.find((node) => node.kind === "nic");
  if (!nic) throw new Error("no NIC in the sample");
  const snapshot = {
    ...base,
    findings: [
      {
        key: `nic-flapping@${nic.id}`,
        check: "nic-flapping",
        layer: "physical" as const,
        status: "warn" as const,
        host: nic.host,
        subject: nic.id,
        message: "it lost its carrier 3 times",
        params: { nic: nic.name, losses: 3, seconds: 600, limit: 2 },
        evidence: [{ command: "ip -j -d link show", excerpt: "carrier_down_count 3" }],
        breaks: [],
        cuts: false,
        alsoOn: [],
        since: base.at,
        impacts: [],
        thresholds: { losses: 2, window: 600 },
      },
    ],
  };
  await site.serve([], [snapshot]);
  await logIn("viewer");
  await page.goto(`/hosts/${nic.host}?sel=${encodeURIComponent(nic.id)}`);
  const finding = page.getByTestId("panel").locator("[data-finding]");
  await expect(finding).toContainText("Losses within the window: 2 times (default 4)");
  await expect(finding).toContainText("Seconds over which it is judged: 600 s");
  await accessible(page);
  await shot(page, "thresholds-in-finding");
});
