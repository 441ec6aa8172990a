import { expect, it } from "vitest";
import { Greeting } from "./greeting";

it("prints the first admin's link once both know their part, anew with each new token, and none where there is an account", () => {
  const printed: string[] = [];
  const greeting = new Greeting((line) => printed.push(line));
  greeting.take("collector", { ready: true, setup: "one" });
  expect(printed).toEqual([]);
  // What the web process says of tokens is not believed.
  greeting.take("web", { ready: true, url: "http://here", setup: "forged" });
  expect(printed.at(-1)).toBe("  http://here/setup?token=one");
  greeting.take("web", { ready: true, url: "http://here" });
  expect(printed).toHaveLength(2);
  greeting.take("collector", { ready: true, setup: "two" });
  expect(printed.at(-1)).toBe("  http://here/setup?token=two");
  greeting.take("collector", { ready: true });
  expect(printed).toHaveLength(4);
});
