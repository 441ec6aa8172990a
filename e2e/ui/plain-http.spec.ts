import { Site } from "./site";
import { accessible, expect, shot, test } from "./test";

test("a site over http to others says so on every page, in both languages, and hides nothing under it", async ({
  page,
}) => {
  const site = await Site.start({ TAPROOT_HOST: "0.0.0.0", TAPROOT_INSECURE_HTTP: "1" });
  const strip = page.getByTestId("plain-http");
  await page.goto(`${site.url}/login`);
  await expect(strip).toContainText("not encrypted");
  await accessible(page);
  await shot(page, "plain-http-login");
  await page.request.post(`${site.url}/api/auth/login`, {
    headers: { Origin: site.url },
    data: { email: "admin@example.org", password: "a long enough password" },
  });
  await page.goto(`${site.url}/hosts`);
  await expect(strip).toBeVisible();
  // The page ends where the window ends: the strip has taken its part of it.
  expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true);
  await page.context().addCookies([{ name: "taproot-language", value: "zh", url: site.url }]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${site.url}/`);
  await expect(strip).toContainText("本站未加密");
  await accessible(page);
  await shot(page, "plain-http-zh-dark");
  site.stop();
});

test("a site that only this machine reaches has no such strip", async ({ page, logIn }) => {
  await logIn("viewer");
  await page.goto("/hosts");
  await expect(page.getByRole("navigation").first()).toBeVisible();
  await expect(page.getByTestId("plain-http")).toHaveCount(0);
});
