import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import "./late/accounts";
import "./late/acting";
import "./late/adding";
import "./late/inventory";
import { ui } from "./ui";
import { accounts } from "./words/accounts";
import { acting } from "./words/acting";
import { adding } from "./words/adding";
import { inventory } from "./words/inventory";

const root = fileURLToPath(new URL("../..", import.meta.url));

const places = (text: string) => [...text.matchAll(/\{([a-zA-Z]+)\}/g)].map((m) => m[1]).sort();

describe("texts of the interface", () => {
  it("have the same places in both languages, and no text is empty", () => {
    for (const [key, wording] of Object.entries(ui)) {
      expect(wording.en.trim(), key).not.toBe("");
      expect(wording.zh.trim(), key).not.toBe("");
      expect(places(wording.zh), key).toEqual(places(wording.en));
    }
  });

  it("are Chinese in Chinese, but for names and marks", () => {
    const same = Object.entries(ui)
      .filter(([, w]) => w.en === w.zh)
      .map(([key]) => key);
    expect(same.sort()).toEqual(["laneTap", "laneVlan"]);
  });

  it("that come late are brought along by every component that says them", () => {
    const sources = ["app", "components"].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
        .filter((path) => /\.tsx?$/.test(path) && !/\.test\./.test(path))
        .map((path) => ({ path: join(room, path), text: readFileSync(join(root, room, path), "utf8") })),
    );
    const missing = Object.entries({ accounts, acting, adding, inventory }).flatMap(([name, words]) => {
      const said = new RegExp(`["'\`](?:${Object.keys(words).join("|")})["'\`]`);
      return sources
        .filter(({ text }) => said.test(text) && !text.includes(`import "@/lib/text/late/${name}";`))
        .map(({ path, text }) => `${path}: ${name}, ${said.exec(text)?.[0]}`);
    });
    expect(sources.length).toBeGreaterThan(80);
    expect(missing).toEqual([]);
  });
});
