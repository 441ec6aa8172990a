import { describe, expect, it } from "vitest";
import * as z from "zod";
import { addressProblem, topicOf } from "@/lib/wire/topics/find";
import { topics } from "@/lib/wire/topics/registry";
import { sources } from "./registry";

describe("every topic", () => {
  it("has a source in the collector, and every source a topic", () => {
    expect(Object.keys(sources).sort()).toEqual(Object.keys(topics).sort());
  });

  it.each(Object.entries(topics))(
    "%s is named as its file, is found, and says on the wire what it holds",
    (name, topic) => {
      expect(topic.id).toBe(name);
      expect(topicOf(name)).toBe(topic);
      // The key of a stream is its topic and, behind a space, its host.
      expect(name).toMatch(/^[a-z][a-z-]*$/);
      for (const schema of [topic.snapshot, topic.delta])
        expect(z.toJSONSchema(schema)).toMatchObject({ type: "object" });
      const [right, wrong] = topic.of === "host" ? ["h", undefined] : [undefined, "h"];
      const address = (key: string | undefined) => ({ topic: name, ...(key === undefined ? {} : { key }) });
      expect([addressProblem(address(right)), typeof addressProblem(address(wrong))]).toEqual([undefined, "string"]);
    },
  );
});
