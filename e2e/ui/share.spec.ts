import { cardOf, hypervisor, looseTap, moment } from "./samples";
import { accessible, expect, shot, test } from "./test";

test("an incident link freezes what is seen, opens without an account, copies as Markdown, and can be revoked", async ({
  page,
  site,
  logIn,
  browser,
}) => {
  const h = looseTap();
  const broken = h.s.snapshot();
  await site.serve([cardOf(broken)], [broken]);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await logIn("operator");
  await page.goto(`/hosts/${broken.host.id}?sel=${encodeURIComponent(h.tap)}`);
  await expect(page.getByTestId("panel")).toBeVisible();
  await page.getByRole("button", { name: "Share incident" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Note" }).fill("Ticket 4711: web-07 unreachable since the restart");
  await dialog.getByRole("checkbox", { name: "Opens without an account" }).check();
  await expect(dialog.getByRole("combobox", { name: "Expires" })).toHaveValue("168");
  await accessible(page);
  await shot(page, "share-dialog");
  await dialog.getByRole("button", { name: "Make link" }).click();
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/share\/[\w-]+$/);
  await dialog.getByRole("button", { name: "Copy as Markdown" }).click();
  await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("vnet2");

  // The host is mended: the link still shows it broken.
  const well = hypervisor().s.snapshot({ seq: 11 });
  await site.serve([cardOf(well)], [well]);
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(link);
  await expect(stranger.getByRole("heading", { level: 1 })).toContainText("Frozen incident");
  await expect(stranger.locator("header").getByText(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/)).toBeVisible();
  await expect(stranger.getByText("Ticket 4711")).toBeVisible();
  await expect(stranger.getByTestId("panel").getByRole("heading", { level: 2 })).toHaveText("vnet2");
  await expect(stranger.getByRole("button", { name: /Plan the repair/ })).toHaveCount(0);
  await expect(stranger.getByRole("navigation")).toHaveCount(0);
  await stranger.waitForTimeout(400);
  await accessible(stranger);
  await shot(stranger, "share-page");
  await stranger.getByTestId("panel").getByRole("button", { name: "Close" }).click();
  await expect(stranger.getByTestId("panel")).toBeHidden();

  await page.goto("/incidents");
  const row = page.locator("tr[data-incident]").filter({ hasText: "Ticket 4711" });
  await expect(row).toContainText("public");
  await accessible(page);
  await shot(page, "incidents");
  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("revoked");
  await stranger.reload();
  await expect(stranger.getByRole("main").getByRole("alert")).toBeVisible();
  await shot(stranger, "share-revoked");
  await stranger.context().close();
});

test("a link that is not public wants a login, and leads back", async ({ page, site, logIn, browser }) => {
  const snapshot = hypervisor().s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await page.clock.setFixedTime(moment + 5000);
  await logIn("operator");
  await page.goto(`/hosts/${snapshot.host.id}`);
  await page.getByRole("button", { name: "Share incident" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make link" }).click();
  const link = await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(link);
  await expect(stranger).toHaveURL(/\/login\?next=/);
  await stranger.context().close();
});

for (const [language, scheme] of [
  ["en", "light"],
  ["zh", "dark"],
] as const)
  test(`what is masked is seen before, and nowhere afterwards (${language}, ${scheme})`, async ({
    page,
    site,
    logIn,
    browser,
  }) => {
    const h = looseTap();
    const broken = h.s.snapshot();
    await site.serve([cardOf(broken)], [broken]);
    await page.context().addCookies([{ name: "taproot-language", value: language, url: site.url }]);
    await page.emulateMedia({ colorScheme: scheme });
    await logIn("operator");
    await page.goto(`/hosts/${broken.host.id}`);
    const words = language === "en" ? ["Share incident", "Make link", "Link"] : ["分享事件", "生成链接", "链接"];
    await page.getByRole("button", { name: words[0] }).click();
    const dialog = page.getByRole("dialog");
    const names = dialog.locator("[data-seen=names]");
    await expect(names).toContainText(broken.host.name);
    for (const box of [1, 2, 3].map((at) => dialog.getByRole("checkbox").nth(at))) await box.check();
    for (const box of await dialog.getByRole("checkbox").all()) await box.check();
    await expect(names).not.toContainText(broken.host.name);
    await expect(names).toContainText("host-1");
    await accessible(page);
    await shot(page, `share-masked-${language}`);
    await dialog.getByRole("button", { name: words[1] }).click();
    const link = await dialog.getByRole("textbox", { name: words[2] }).inputValue();
    const stranger = await (await browser.newContext()).newPage();
    const answer = await stranger.goto(link);
    expect(answer?.headers()["x-robots-tag"]).toBe("noindex, nofollow");
    await expect(stranger.getByRole("heading", { level: 1 })).toContainText("host-1");
    await expect(stranger.getByTestId("masked")).toBeVisible();
    const json = await (await stranger.request.get(link.replace("/share/", "/api/incidents/"))).text();
    const vms = broken.nodes.filter((node) => node.kind === "vm").map((node) => node.name);
    for (const secret of [broken.host.address, "52:54:00:12:00:0", ...vms]) expect(json).not.toContain(secret);
    await shot(stranger, `share-masked-page-${language}`);
    await stranger.context().close();
  });
