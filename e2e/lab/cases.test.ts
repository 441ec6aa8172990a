/** Each case does what it says: the kernel shows the fault, and healing it brings the guests back. The product's part is tested elsewhere. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCases } from "./cases";
import { guestNames } from "./config";
import { Lab } from "./lab";

const cases = await loadCases();
let lab: Lab;

beforeAll(async () => {
  lab = await Lab.ensure();
});
afterAll(() => lab?.stop());

const holds = async (test: string): Promise<boolean> => (await lab.tryHv(test)).status === 0;

describe.each(cases.map((labCase) => [labCase.id, labCase] as const))("%s", (_, labCase) => {
  it(labCase.story, async () => {
    await lab.restore(labCase.base);
    expect(await holds(labCase.shows), "the healthy base must not show the fault").toBe(false);
    await labCase.inject(lab);
    expect(await holds(labCase.shows), "the injected fault must show").toBe(true);
    for (const name of guestNames) {
      const answers = await lab.pingGuest(name, 2);
      if (labCase.expect.impacts.includes(name)) expect(answers, `${name} must be cut off`).toBe(false);
      else if (!labCase.expect.mayImpact?.includes(name)) expect(answers, `${name} must not suffer`).toBe(true);
    }
    await labCase.heal(lab);
    expect(await holds(labCase.shows), "the healed machine must not show the fault").toBe(false);
    for (const name of guestNames) await lab.guestAnswers(name);
  });
});
