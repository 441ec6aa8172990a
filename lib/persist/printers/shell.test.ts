import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Change } from "../../changes/change";
import { kinds } from "../../changes/kinds/registry";
import { type Printed, shellScript } from "./shell";

const says = { en: "step of\n$(id) `id`", zh: "步骤" };
const printed = (change: unknown): Printed => ({ says, step: { change: Change.parse(change) } });

describe("a plan as a shell script", () => {
  it.each(Object.entries(kinds).map(([id, { example }]) => [id, example] as const))(
    "has the commands of %s, and theirs back",
    (_, example) => {
      const script = shellScript("t", [printed(example.change)]);
      execFileSync("sh", ["-n"], { input: script });
      const words = (line: string) => line.replaceAll("'", "");
      expect(script.split("\n").map(words)).toEqual(expect.arrayContaining([example.do, example.undo]));
    },
  );

  it("writes and puts back files byte for byte, whatever they hold, and runs nothing of a name", () => {
    const dir = mkdtempSync(join(tmpdir(), "taproot-shell-"));
    try {
      const [path, script] = [join(dir, "it's $(touch x) `here`"), join(dir, "plan.sh")];
      const text = `a 'b' "c" $(touch y)\n%s \\n é\n`;
      const file = (was: string | null) => shellScript("a\nb", [{ says, step: { file: { path, text, was } } }]);
      writeFileSync(script, file("old\n"));
      execFileSync("sh", [script], { cwd: dir });
      expect(readFileSync(path, "utf8")).toBe(text);
      execFileSync("sh", [script, "undo"], { cwd: dir });
      expect(readFileSync(path, "utf8")).toBe("old\n");
      writeFileSync(script, file(null));
      execFileSync("sh", [script], { cwd: dir });
      execFileSync("sh", [script, "undo"], { cwd: dir });
      expect(execFileSync("ls", [dir], { encoding: "utf8" })).toBe("plan.sh\n");
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it("stops at the first step that fails, and takes back each whatever became of the one before", () => {
    const down = { kind: "up", device: "no-such-0", to: "down", was: "up" };
    const script = shellScript("t", [printed(down), printed({ ...down, device: "no-such-1" })]);
    const run = (...args: string[]) => {
      try {
        execFileSync("sh", ["-s", ...args], {
          input: `ip() { echo "ip $*" >&2; return 1; }\n${script}`,
          stdio: "pipe",
        });
        return "";
      } catch (error) {
        return String((error as { stderr: Buffer }).stderr);
      }
    };
    expect(run()).toBe("ip link set dev no-such-0 down\n");
    expect(run("undo")).toBe("ip link set dev no-such-1 up\nip link set dev no-such-0 up\n");
  });
});
