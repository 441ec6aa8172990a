/**
 * The steps of `npm test`: what each runs, which programs of the machine it needs, and how long it takes. Data alone: scripts/test.mjs runs them,
 * scripts/docs.ts prints them.
 */

/** Program -> Debian package that brings it. */
export const programs = {
  sshd: "openssh-server",
  ssh: "openssh-client",
  ip: "iproute2",
  bridge: "iproute2",
  sudo: "sudo",
  ping: "iputils-ping",
  tcpdump: "tcpdump",
  ethtool: "ethtool",
  nft: "nftables",
  iptables: "iptables",
  lldpd: "lldpd",
  setpriv: "util-linux",
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  debootstrap: "debootstrap",
  mke2fs: "e2fsprogs",
  busybox: "busybox-static",
  cpio: "cpio",
  "ovs-vswitchd": "openvswitch-switch",
  "ovsdb-tool": "openvswitch-common",
  xz: "xz-utils",
  ps: "procps",
  openssl: "openssl",
  nginx: "nginx-light",
  caddy: "caddy",
  chromium: "chromium",
};
/** File -> Debian package that brings it. */
export const files = { "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "fonts-noto-cjk" };

/** A host in a network namespace: a real sshd, and what the probes and remedies run on it. */
const host = [
  ...["sshd", "ssh", "ip", "bridge", "sudo", "setpriv", "ps"],
  ...["ping", "tcpdump", "ethtool", "nft", "iptables", "lldpd"],
];
/** The virtual hypervisor, its switch and its image. */
const hypervisor = [
  ...["qemu-system-x86_64", "qemu-img", "debootstrap", "mke2fs", "busybox", "cpio", "xz"],
  ...["ovs-vswitchd", "ovsdb-tool"],
];
const browser = ["chromium", ...Object.keys(files)];

const vitest = (project) => [
  "npx",
  [
    "vitest",
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    "--reporter=./scripts/flaky-reporter.mjs",
    `--outputFile.json=test-results-json/${project}.json`,
  ],
];

/**
 * `needs`: programs and files, by the names above. `seconds`: of a recorded run on two cores that had to build the lab's image.
 * @type {Record<string, {says: string, run: [string, string[]], seconds: number, needs?: string[], counts?: string, build?: boolean, root?: boolean, env?: Record<string, string>}>}
 */
export const steps = {
  registries: {
    seconds: 2,
    says: "unit registries are as their folders",
    run: ["node", ["scripts/registries.mjs", "--check"]],
  },
  docs: {
    seconds: 2,
    says: "pages made from the code are as the code says",
    run: ["npx", ["tsx", "scripts/docs.ts", "--check"]],
  },
  accuracy: {
    seconds: 3,
    says: "docs/accuracy.md is as the recorded runs say",
    run: ["npx", ["tsx", "e2e/lab/report.ts", "--check"]],
  },
  lint: { seconds: 4, says: "lint and format", run: ["npx", ["biome", "check", "--error-on-warnings", "."]] },
  types: { seconds: 24, says: "types, strict", run: ["npx", ["tsc", "-p", "."]] },
  deps: { seconds: 15, says: "dependency rules", run: ["node", ["scripts/deps.mjs"]] },
  unit: {
    seconds: 418,
    needs: ["ssh"],
    says: "unit tests",
    run: vitest("unit"),
    counts: "test-results-json/unit.json",
  },
  netns: {
    seconds: 211,
    needs: [...host, "openssl", "nginx", "caddy"],
    says: "real sshd in network namespaces",
    run: vitest("netns"),
    counts: "test-results-json/netns.json",
    root: true,
  },
  systemd: {
    seconds: 83,
    needs: [...host, "debootstrap"],
    says: "real systemd and sudo in namespaces",
    run: vitest("systemd"),
    counts: "test-results-json/systemd.json",
    build: true,
    root: true,
  },
  attack: {
    seconds: 154,
    needs: host,
    says: "attacks on the whole product, by four attackers",
    run: ["npx", ["tsx", "e2e/attack/cli.ts", "--fast"]],
    counts: "test-results-json/attack.json",
    build: true,
    root: true,
  },
  lab: {
    seconds: 2495,
    needs: [...host, ...hypervisor],
    says: "the virtual hypervisor",
    run: vitest("lab"),
    counts: "test-results-json/lab.json",
    root: true,
  },
  crash: {
    seconds: 76,
    needs: host,
    says: "kill -9 while hosts, accounts, shares and changes are written",
    run: ["npx", ["tsx", "e2e/crash/cli.ts", "--kills", "12", "--minutes", "2", "--hosts", "2"]],
    build: true,
    root: true,
  },
  ui: {
    seconds: 461,
    needs: browser,
    says: "every screen in every state, in a real browser",
    run: ["npx", ["playwright", "test", "--project=ui", "--reporter=list,json"]],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: "test-results-json/ui.json" },
    counts: "test-results-json/ui.json",
    build: true,
  },
  real: {
    seconds: 203,
    needs: [...host, ...hypervisor, ...browser],
    says: "the whole product in a real browser, against the real hypervisor",
    run: ["npx", ["playwright", "test", "--project=real", "--reporter=list,json"]],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: "test-results-json/real.json" },
    counts: "test-results-json/real.json",
    build: true,
    root: true,
  },
};

/** Debian packages that these steps need, each with a way to tell whether it is there: a program on the path, or a file. */
export function needsOf(names) {
  const all = [...new Set(names.flatMap((name) => steps[name].needs ?? []))];
  return all.map((need) => {
    const name = programs[need] ?? files[need];
    if (name === undefined) throw new Error(`${need}: no Debian package is known that brings it`);
    return { need, name, isFile: need in files };
  });
}

/** "24 s", "42 min": a time as a person asks for it. */
export const shortly = (seconds) => (seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);
