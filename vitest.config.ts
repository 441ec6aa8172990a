import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { twoInTurn } from "./e2e/lab/turns";

// One stumble on a busy machine stops nobody in CI; `npm test` names each test that needed it.
const retry = process.env.CI ? 1 : 0;
const root = fileURLToPath(new URL(".", import.meta.url));

/** Suites that differ in what they need of the machine: nothing, network namespaces (root), systemd in namespaces (root), a virtual hypervisor (QEMU). */
export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    retry,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{lib,server,components,app,scripts}/**/*.test.{ts,tsx}", "e2e/chaos/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "netns",
          include: ["e2e/netns/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "systemd",
          include: ["e2e/systemd/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          // The first run builds the root file system of a release: 3 to 5 minutes each.
          hookTimeout: 1_200_000,
        },
      },
      {
        extends: true,
        test: {
          name: "lab",
          include: ["e2e/lab/**/*.test.ts"],
          // A second hypervisor takes as long to make as a base, and has its turn among them.
          exclude: twoInTurn() ? [] : ["e2e/lab/two.test.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
