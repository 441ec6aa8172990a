import { cardOf, hypervisor } from "./samples";
import { accessible, expect, shot, test } from "./test";

const banner = "[data-testid=old-page]";

test.beforeEach(async ({ site, logIn }) => {
  const snapshot = hypervisor().s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await logIn("viewer");
});

test("a page from before an update is told to reload, and is well after it did", async ({ page, site }) => {
  await page.goto("/");
  await expect(page.getByTestId("live-dot")).toHaveAttribute("data-live", "live");
  await expect(page.locator(banner)).toHaveCount(0);
  await site.setBuild("b2");
  await expect(page.locator(banner)).toContainText("Taproot was updated");
  await accessible(page);
  await shot(page, "old-page");
  await page.getByRole("button", { name: "Reload the page" }).click();
  await expect(page.getByTestId("live-dot")).toHaveAttribute("data-live", "live");
  await expect(page.locator("body")).toHaveAttribute("data-build", "b2");
  await expect(page.locator(banner)).toHaveCount(0);
});

test("in Chinese too, and on a page that has moved on to others meanwhile", async ({ page, site, context }) => {
  await context.addCookies([{ name: "taproot-language", value: "zh", url: site.url }]);
  await page.goto("/");
  await expect(page.getByTestId("live-dot")).toHaveAttribute("data-live", "live");
  await site.setBuild("b2");
  await page.locator("a[href='/hosts']").first().click();
  await expect(page).toHaveURL(/\/hosts$/);
  await expect(page.locator(banner)).toContainText("Taproot 已更新");
  await expect(page.getByRole("button", { name: "重新加载页面" })).toBeVisible();
});
