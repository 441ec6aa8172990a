import { defineConfig } from "@playwright/test";

/**
 * `ui`: every screen in every state, against the real web process with a collector that answers from a script (e2e/ui).
 * `real`: the whole product against real hosts (other specs in e2e).
 * The browser is the machine's own: CHROMIUM names another one. Flags keep it from talking to anybody.
 */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // Two cores, and each worker brings a web process of its own.
  workers: 1,
  forbidOnly: true,
  // As in vitest.config.ts: one stumble on a busy machine stops nobody in CI, and `npm test` names it.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    colorScheme: "light",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "ui", testMatch: "ui/**/*.spec.ts" },
    { name: "real", testMatch: "*.spec.ts", testIgnore: "ui/**" },
  ],
});
