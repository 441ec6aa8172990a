import { describe, expect, it } from "vitest";
import { findingKey } from "@/lib/checks/evaluate";
import { remediesOf } from "@/lib/checks/remedies";
import { bondHost, edit, setLink } from "@/lib/checks/testing";
import { buildGraph } from "@/lib/graph/builder";
import { passes } from "@/lib/graph/passes/registry";
import { viewOf } from "@/lib/graph/view";
import { contextOf } from "@/lib/remedies/testing";
import { saidIn } from "@/lib/text/said";
import { PlanView } from "@/lib/wire/rest";
import type { HostConnection } from "../ssh/api";
import type { RemedyHost } from "./api";
import { RemedyRuns } from "./runs";

type Context = ReturnType<typeof contextOf>;

/** Plans over a host of which only its finding is real, with whatever that rests upon. Nothing is ever run on it but what arms and asks. */
function over({ finding, graph, facts }: Context, reached?: HostConnection["reached"]) {
  const ran: string[] = [];
  const connection = {
    root: "direct",
    reached,
    script: async () => ({ exit: 0, stdout: "", stderr: "" }),
    run: async (argv: readonly string[]) => {
      ran.push(argv.join(" "));
      return { exit: 1, stdout: "", stderr: "not here" };
    },
  } as unknown as HostConnection;
  const named = { ...finding, remedies: [...(remediesOf.get(finding.check) ?? [])] };
  const host = {
    connection: () => connection,
    reread: async () => undefined,
    engine: { snapshot: () => ({ findings: [named] }), graph, facts },
  } as unknown as RemedyHost;
  const runs = new RemedyRuns({
    host: () => host,
    store: { put: async () => undefined, get: async () => undefined, open: async () => [] },
    audit: () => undefined,
    progress: () => undefined,
    now: () => 1_000,
    sleep: async () => undefined,
  });
  const plan = async (remedy?: string) => PlanView.parse(await runs.plan("h", named.key, remedy));
  return { runs, plan, ran, key: named.key };
}

/** Two members that the configuration names and that the bond does not have. */
function twoMissing(): Context {
  const one = contextOf("bond-member-missing", "nic1 is configured and not there");
  const finding = { ...one.finding, params: { ...one.finding.params, members: "nic0, nic1" } };
  const facts = ["nic0", "nic1"].reduce((made, name) => setLink(made, name, { master: undefined }), bondHost());
  return { finding, facts, graph: viewOf(buildGraph("h", facts, {}, passes).graph) };
}

describe("a plan with choices", () => {
  it("is shown with all of them, and pressed by one", async () => {
    const { runs, plan } = over(twoMissing());
    const { run, options } = await plan();
    expect(options.map((one) => [one.kind, one.choice?.id])).toEqual([
      ["plan", "nic0"],
      ["plan", "nic1"],
    ]);
    await expect(runs.apply(run, "op")).rejects.toMatchObject({
      code: "confirm",
      message: "choose one of: nic0, nic1",
    });
    await expect(runs.apply(run, "op", { choice: "nic9" })).rejects.toMatchObject({ code: "confirm" });
    const typedHost = "h";
    await expect(runs.apply(run, "op", { choice: "nic1", typedHost })).resolves.toBeUndefined();
  });

  it("shows beside those that can be done why another cannot", async () => {
    const two = twoMissing();
    const facts = edit(two.facts, "ip-link", (links) => links.filter((link) => link.ifname !== "nic0"));
    const graph = viewOf(buildGraph("h", facts, {}, passes).graph);
    const { options } = await over({ ...two, facts, graph }).plan();
    expect(options[0]).toMatchObject({
      kind: "refused",
      because: { en: expect.stringMatching(/^nic0 is not on this host/) },
    });
    expect(options[0]).toMatchObject({ because: { zh: expect.stringContaining("不在此主机上") } });
    expect(options[1]).toMatchObject({ kind: "plan", choice: { id: "nic1" } });
  });
});

describe("a finding with several remedies", () => {
  const context = () => contextOf("bridge-netfilter-drop", "Docker's policy");

  it("is planned by the gentlest, and by another that is named", async () => {
    const { plan } = over(context());
    expect(await plan()).toMatchObject({
      remedy: "bridged-allow",
      remedies: ["bridged-allow", "bridged-off"],
      options: [
        {
          steps: [{ do: expect.stringMatching(/^iptables -w 5 -I FORWARD/) }],
          script: expect.stringMatching(/^#!\/bin\/sh\n[\s\S]*\niptables -w 5 -I FORWARD 1 -i br0 /),
        },
      ],
    });
    expect(await plan("bridged-off")).toMatchObject({
      remedy: "bridged-off",
      options: [{ steps: [{ do: "sysctl -qw net.bridge.bridge-nf-call-iptables=0" }] }],
    });
  });

  it("refuses one of another check, in the words of either language", async () => {
    const { plan } = over(context());
    const refused = await plan("set-up").catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "not-found", message: "set-up is no remedy for bridge-netfilter-drop" });
    expect(saidIn((refused as { said: Parameters<typeof saidIn>[0] }).said, "zh")).toContain("不是");
    await expect(plan("constructor")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("our own way to the host", () => {
  const facts = bondHost();
  const graph = viewOf(buildGraph("h", facts, {}, passes).graph);
  const bridge = graph.ofKind("bridge").find((node) => node.name === "br0");
  const [address = ""] = ((bridge?.attributes.addresses as string[] | undefined) ?? []).map((one) => one.split("/")[0]);
  const context: Context = {
    ...{ graph, facts },
    finding: {
      ...contextOf("bond-unmonitored", "miimon 0").finding,
      key: findingKey("bond-unmonitored", "h/bond/bond0"),
      subject: "h/bond/bond0",
    },
  };

  it("wants the host's name typed where the plan lies on it", async () => {
    const reached = { address, from: "198.51.100.7" };
    const { runs, plan } = over(context, reached);
    const { run, options } = await plan();
    expect(options).toMatchObject([{ kind: "plan", management: "at-risk", risk: "high" }]);
    await expect(runs.apply(run, "op")).rejects.toMatchObject({ code: "confirm" });
    await expect(runs.apply(run, "op", { typedHost: "H" })).rejects.toMatchObject({ code: "confirm" });
  });

  it("is asked about as well where it is not known", async () => {
    const { options } = await over(context).plan();
    expect(options).toMatchObject([{ management: "unknown" }]);
  });
});
