import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../netns/support";
import { askPage, bootWithProduct, installSteps } from "./installed";
import { type Machine, releasesOfThisRun } from "./machine";

const units = ["taproot-collector", "taproot-web"] as const;
const admin = { name: "Ada", email: "ada@example.org", password: "correct horse battery" };

/** The product itself under the shipped units, put there by the commands of docs/install-systemd.md. */
describe.each(releasesOfThisRun())("the product under systemd on %s", (release) => {
  let machine: Machine;
  let cookie = "";
  beforeAll(async () => {
    machine = await bootWithProduct(release);
  });
  afterAll(() => machine?.dispose());

  const show = async (unit: string, property: string) =>
    (await machine.must(["systemctl", "show", "--value", "-p", property, unit])).trim();
  const journal = (unit: string) => machine.must(["journalctl", "--no-pager", "-o", "cat", "-u", unit]);
  const health = async () => (await askPage(machine, "GET", "/healthz")).body;
  const bothUp = JSON.stringify({ web: "up", collector: "up" });
  const becomes = async (wanted: string) => {
    const seen = await eventually(health, (body) => body === wanted, 60_000);
    if (seen !== wanted)
      throw new Error(`${seen}\n${await journal("taproot-web")}\n${await journal("taproot-collector")}`);
  };
  const me = () => askPage(machine, "GET", "/api/me", { cookie });

  it("is installed by the commands of the page, as they stand there, and says the setup link", async () => {
    const [, asRoot = ""] = installSteps();
    expect(asRoot).toContain("systemctl enable --now");
    const done = await machine.exec(["sh", "-exc", `cd /opt/taproot\n${asRoot}`], 100_000);
    if (done.status !== 0) throw new Error(`${done.stderr}\n${await journal("taproot-collector")}`);
    expect(done.stdout).toMatch(/"\/setup\?token=[\w-]{20,}"/);
    await becomes(bothUp);
    for (const unit of units) {
      expect(await show(unit, "ActiveState")).toBe("active");
      expect(await show(unit, "UnitFileState")).toBe("enabled");
      expect(await show(unit, "NRestarts"), await journal(unit)).toBe("0");
    }
  });

  it("lets the first person in by the link of the journal, and in again by password", async () => {
    const link = /\/setup\?token=([\w-]+)/.exec(await journal("taproot-collector"));
    const page = await askPage(machine, "GET", link?.[0] ?? "/nothing");
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining("<html") });
    const made = await askPage(machine, "POST", "/api/auth/setup", { body: { ...admin, token: link?.[1] } });
    expect(made).toMatchObject({ status: 200 });
    const { email, password } = admin;
    const wrong = await askPage(machine, "POST", "/api/auth/login", { body: { email, password: `${password}!` } });
    expect(wrong).toMatchObject({ status: 401, cookie: "" });
    const login = await askPage(machine, "POST", "/api/auth/login", { body: { email, password } });
    expect(login).toMatchObject({ status: 200, cookie: expect.stringMatching(/^\S+=\S{20}/) });
    cookie = login.cookie;
    expect(JSON.parse((await me()).body)).toMatchObject({ email, role: "admin", collector: "up" });
    expect((await askPage(machine, "GET", "/api/me")).status).toBe(401);
    expect(await askPage(machine, "GET", "/", { cookie })).toMatchObject({ status: 200 });
  });

  it("keeps key and database from the web process's user, and the token and the bus from all others", async () => {
    /** What of the paths a user may read, outside of every sandbox: by modes alone. */
    const reads = async (ids: readonly string[], paths: readonly string[]) => {
      const script = 'for f; do head -c 1 "$f" >/dev/null 2>&1 && echo "$f"; done; true';
      const done = await machine.must(["setpriv", ...ids, "sh", "-c", script, "sh", ...paths]);
      return done.split("\n").filter((line) => line !== "");
    };
    const secrets = ["/var/lib/taproot/secret.key", "/var/lib/taproot/taproot.db"];
    const token = "/etc/taproot/bus-token";
    const pid = await show("taproot-web", "MainPID");
    const collector = await show("taproot-collector", "MainPID");
    const all = [...secrets, token, `/proc/${collector}/environ`];
    expect(await reads([], all)).toEqual(all);

    const status = await machine.must(["cat", `/proc/${pid}/status`]);
    const [uid = "", gid = "", groups = ""] = ["Uid", "Gid", "Groups"].map(
      (key) => new RegExp(`^${key}:\\s+(.*)$`, "m").exec(status)?.[1]?.trim() ?? "",
    );
    const numbers = (text: string) => text.split(/\s+/).filter((one) => one !== "");
    const busGroup = (await machine.must(["getent", "group", "taproot-bus"])).split(":")[2] ?? "";
    // Four numbers: real, effective, saved, of files. None is root's or the collector's.
    const collectorUid = (await machine.must(["id", "-u", "taproot-collector"])).trim();
    expect(numbers(uid)).toHaveLength(4);
    expect(numbers(uid)).not.toContain("0");
    expect(numbers(uid)).not.toContain(collectorUid);
    expect(numbers(groups)).toContain(busGroup);
    const asWeb = [`--reuid=${numbers(uid)[0]}`, `--regid=${numbers(gid)[0]}`, `--groups=${numbers(groups).join(",")}`];
    expect(await reads(asWeb, all)).toEqual([token]);
    expect(await reads(["--reuid=noc", "--regid=noc", "--init-groups"], all)).toEqual([]);
    // The same with its own view of the files, where the folder is not even seen.
    const inside = ["nsenter", "-m", "-t", pid, "--", "setpriv", ...asWeb];
    expect((await machine.exec([...inside, "ls", "/var/lib/taproot"])).stderr).toMatch(/Permission denied/);
    expect((await machine.exec([...inside, "touch", "/opt/taproot/x", "/etc/x"])).status).not.toBe(0);
    // The bus: the group may knock, nobody else may.
    const knock = `require("net").connect("/run/taproot-bus/bus.sock").on("connect", () => process.exit(0)).on("error", (e) => { console.log(e.code); process.exit(1); })`;
    expect((await machine.exec(["setpriv", ...asWeb, "node", "-e", knock])).status).toBe(0);
    const stranger = ["setpriv", "--reuid=noc", "--regid=noc", "--init-groups"];
    expect(await machine.exec([...stranger, "node", "-e", knock])).toMatchObject({ status: 1, stdout: "EACCES\n" });
  });

  it("has the web process back at the collector after that one's restart and after its death, without a restart of its own", async () => {
    const web = await show("taproot-web", "MainPID");
    const first = await show("taproot-collector", "MainPID");
    await machine.must(["systemctl", "stop", "taproot-collector"]);
    expect(await show("taproot-collector", "Result")).toBe("success");
    await becomes(JSON.stringify({ web: "up", collector: "down" }));
    await machine.must(["systemctl", "start", "taproot-collector"]);
    await becomes(bothUp);
    // What was known before is known again, and there is no second link.
    expect(JSON.parse((await me()).body)).toMatchObject({ email: admin.email });
    expect((await journal("taproot-collector")).match(/setup-link/g)).toHaveLength(1);

    const second = await show("taproot-collector", "MainPID");
    expect(second).not.toBe(first);
    await machine.must(["kill", "-KILL", second]);
    await eventually(
      () => show("taproot-collector", "NRestarts"),
      (n) => n === "1",
      30_000,
    );
    await becomes(bothUp);
    expect(await show("taproot-collector", "NRestarts")).toBe("1");
    expect(await me()).toMatchObject({ status: 200 });
    expect(await show("taproot-web", "MainPID")).toBe(web);
  });

  it("ends when told to, starts again, and both come up with the machine", async () => {
    await machine.must(["systemctl", "restart", "taproot-web"]);
    await becomes(bothUp);
    expect(await me()).toMatchObject({ status: 200 });
    await machine.must(["systemctl", "stop", ...units], 60_000);
    for (const unit of units) {
      expect(await show(unit, "ActiveState")).toBe("inactive");
      expect(await show(unit, "Result"), await journal(unit)).toBe("success");
    }
    expect(await health()).toMatch(/ECONNREFUSED/);
    await machine.reboot();
    await becomes(bothUp);
    expect(await me()).toMatchObject({ status: 200 });
  });

  it("does not start a collector over and over that a person has to mend", async () => {
    await machine.must(["systemctl", "stop", "taproot-collector"]);
    await machine.must(["mv", "/etc/taproot/bus-token", "/etc/taproot/away"]);
    await machine.must(["systemctl", "start", "taproot-collector"]);
    await eventually(
      () => show("taproot-collector", "ActiveState"),
      (state) => state === "failed",
      30_000,
    );
    expect(await show("taproot-collector", "ExecMainStatus")).toBe("3");
    expect(await journal("taproot-collector")).toContain(
      "collector: TAPROOT_BUS_TOKEN_FILE /etc/taproot/bus-token cannot be read (ENOENT)",
    );
    await machine.must(["mv", "/etc/taproot/away", "/etc/taproot/bus-token"]);
    await machine.must(["systemctl", "start", "taproot-collector"]);
    await becomes(bothUp);
  });
});
