/** No false alarm: on each healthy base nothing fails and nothing warns, but for what is true of the lab itself. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeFinding, trueOfTheLab } from "./diagnosis";
import { Lab } from "./lab";
import { basesInTurn } from "./turns";
import { Watcher } from "./watcher";

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.ensure();
});
afterAll(() => lab?.stop());

it.each(basesInTurn())(
  "%s",
  async (name) => {
    await lab.restore(name);
    const watcher = await Watcher.open(lab);
    try {
      await watcher.sweep();
      expect(watcher.engine.defects.size, JSON.stringify([...watcher.engine.defects])).toBe(0);
      expect(
        watcher
          .accusations()
          .filter((finding) => !trueOfTheLab.has(finding.check))
          .map(describeFinding),
      ).toEqual([]);
      const { nodes } = watcher.snapshot();
      expect(
        nodes
          .filter((node) => node.kind === "vm")
          .map((node) => node.name)
          .sort(),
      ).toEqual(["web-01", "web-02"]);
    } finally {
      watcher.close();
    }
  },
  600_000,
);
