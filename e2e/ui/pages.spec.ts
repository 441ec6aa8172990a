import { readFileSync } from "node:fs";
import { bothCables, cardOf, hypervisor } from "./samples";
import { password } from "./site";
import { accessible, expect, openSearch, shot, test } from "./test";

test("log in by hand, wrong first, and come back to where one wanted to go", async ({ page, site }) => {
  await site.serve([cardOf(hypervisor().s.snapshot())]);
  await page.goto("/hosts");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel("E-mail").fill("viewer@example.org");
  await page.getByLabel("Password").fill("not this one");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await accessible(page);
  await shot(page, "login");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(/\/hosts$/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("link", { name: "Add a host" })).toHaveCount(0);
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL(/\/login$/);
});

test("the setup link of a site that has its admin says so", async ({ page }) => {
  await page.goto("/setup?token=abc");
  await expect(page.getByText("The first admin has been made already.")).toBeVisible();
  await accessible(page);
});

test("setup makes the first admin", async ({ page }) => {
  await page.route("**/api/auth/setup?token=*", (route) => route.fulfill({ json: { open: true, valid: true } }));
  await page.goto("/setup?token=abc");
  await page.getByRole("button", { name: "Make admin and log in" }).click();
  await expect(page.getByText("Required")).toBeVisible();
  await expect(page.getByText("This is not an e-mail address")).toBeVisible();
  await accessible(page);
  await shot(page, "setup");
});

for (const scheme of ["light", "dark"] as const)
  test(`fleet, checks, settings and audit are accessible in ${scheme}`, async ({ page, site, logIn }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await site.serve([
      cardOf(bothCables("kvm-a").s.snapshot()),
      cardOf(hypervisor("kvm-b").s.snapshot({ host: { demo: true } })),
    ]);
    await logIn("admin");
    await page.goto("/");
    await expect(page.getByTestId("cards")).toBeVisible();
    await accessible(page);
    await shot(page, `fleet-${scheme}`);
    await page.goto("/checks");
    await expect(page.getByRole("heading", { name: /^Checks/ })).toBeVisible();
    await expect(page.getByText("nic-no-carrier")).toBeVisible();
    await accessible(page);
    await shot(page, `checks-${scheme}`);
    for (const tab of ["Appearance", "Account", "API tokens", "Users"]) {
      await page.goto("/settings");
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
      await accessible(page);
      await shot(page, `settings-${tab.replace(" ", "-").toLowerCase()}-${scheme}`);
    }
    await page.goto("/audit");
    await expect(page.getByRole("table")).toBeVisible();
    await accessible(page);
    await shot(page, `audit-${scheme}`);
  });

test("theme by hand wins over the system and survives a reload", async ({ page, site, logIn }) => {
  await site.serve([]);
  await logIn("admin");
  await page.goto("/settings");
  await page.getByRole("radio", { name: "Dark" }).check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
});

test("tokens are shown once; users are added", async ({ page, site, logIn }) => {
  await site.serve([]);
  await logIn("admin");
  await page.goto("/settings?tab=tokens");
  await page.getByRole("textbox", { name: "Name" }).fill("cron");
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByText(/shown only this once/)).toBeVisible();
  await expect(page.getByRole("cell", { name: "cron" })).toBeVisible();
  await page.goto("/settings?tab=users");
  await page.getByRole("textbox", { name: "Name" }).fill("Night shift");
  await page.getByRole("textbox", { name: "E-mail" }).fill("night@example.org");
  await page.getByRole("textbox", { name: "New password" }).fill("a long enough password");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByRole("cell", { name: "night@example.org" })).toBeVisible();
  const all = page.getByRole("region", { name: "Everybody's API tokens" });
  await expect(all.getByRole("cell", { name: "cron" })).toBeVisible();
  await shot(page, "users-and-tokens");
  await all.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(all.getByText("No tokens.")).toBeVisible();
});

test("the audit log is taken along as it is", async ({ page, site, logIn }) => {
  await site.serve([]);
  await logIn("operator");
  await page.goto("/audit");
  const begun = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  const file = await begun;
  expect(file.suggestedFilename()).toBe("taproot-audit.jsonl");
  const text = readFileSync(await file.path(), "utf8");
  expect(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).what),
  ).toContain("login");
});

test("Ctrl-K finds a host by its address and opens it", async ({ page, site, logIn }) => {
  const snapshot = hypervisor().s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await logIn("viewer");
  await page.goto("/checks");
  await openSearch(page);
  await page.getByRole("combobox").fill("192.0.2.11");
  await expect(page.getByRole("option")).toHaveCount(1);
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/hosts\/kvm-ams-07$/);
  await openSearch(page);
  await page.getByRole("combobox").fill("52:54:00:12:00:02");
  // Its NICs are known once the host's snapshot is here; Enter on an empty list opens nothing.
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("panel")).toBeVisible();
});

test("a page that is not there says so", async ({ page, logIn, site }) => {
  await site.serve([]);
  await logIn("viewer");
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
});

for (const scheme of ["light", "dark"] as const)
  test(`what is on its way is seen to be, in ${scheme}`, async ({ page, site, logIn }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await site.serve([]);
    await logIn("admin");
    // Neither the socket nor any list answers.
    await page.routeWebSocket("**/socket.io/**", () => undefined);
    await page.route("**/socket.io/**", () => undefined);
    await page.route("**/api/settings", () => undefined);
    for (const path of ["/", "/hosts/kvm-ams-07", "/settings?tab=thresholds"]) {
      await page.goto(path);
      const status = page.getByRole("main").getByRole("status", { name: "Loading" });
      await expect(status).toBeVisible();
      const [bar, ground] = await status.evaluate((element) => {
        const bar = element.querySelector("[class*=bg-line]");
        const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
        const ground = getComputedStyle(document.body).backgroundColor;
        return [bar ? numbers(getComputedStyle(bar).backgroundColor) : [], numbers(ground)];
      });
      // Bars of the ground's own colour were an empty page to whoever waited.
      const apart = (bar ?? []).map((value, at) => Math.abs(value - (ground?.[at] ?? 0)));
      expect(Math.max(...apart), path).toBeGreaterThan(15);
      await accessible(page);
      await shot(page, `loading-${path.replace(/\W+/g, "-")}-${scheme}`);
    }
  });
