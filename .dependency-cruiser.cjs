/** The rules of docs/architecture.md, kept by a machine. */
const order = [
  "probes",
  "facts",
  "events",
  "guests",
  "graph",
  "changes",
  "checks",
  "causes",
  "problems",
  "remedies",
  "persist",
  "paths",
  "fleet",
  "diff",
  "wire",
];

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "lib-is-pure",
      severity: "error",
      from: { path: "^lib/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(app|components|server|e2e)/" },
    },
    {
      name: "lib-no-node",
      severity: "error",
      from: { path: "^lib/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    ...order.map((room, at) => ({
      name: `lib-one-way-${room}`,
      severity: "error",
      from: { path: `^lib/${room}/`, pathNot: "\\.test\\.ts$" },
      to: { path: `^lib/(${order.slice(at + 1).join("|") || "$nothing"})/` },
    })),
    // A unit never imports a sibling unit: what two share goes into a file that is no unit.
    {
      name: "pages-never-reach-server",
      severity: "error",
      from: { path: "^(app|components)/" },
      to: { path: "^server/" },
    },
    {
      name: "only-ssh-imports-ssh2",
      severity: "error",
      // The simulated fleet is the other end of it: an SSH server, which logs in nowhere.
      from: { path: "^(app|components|server|lib)/", pathNot: "^server/(collector/ssh|sim)/" },
      to: { path: "node_modules/ssh2" },
    },
    {
      // The demo asks for it when somebody wants one; else a collector has no SSH server in it.
      name: "only-the-demo-starts-the-simulator",
      severity: "error",
      from: { path: "^(app|components|server|lib)/", pathNot: "^server/(sim/|collector/demo\\.ts$)|\\.test\\.ts$" },
      to: { path: "^server/sim/" },
    },
    {
      name: "only-the-command-is-the-command",
      severity: "error",
      from: { path: "^(app|components|server|lib)/", pathNot: "^server/cli/|\\.test\\.ts$" },
      to: { path: "^server/cli/" },
    },
    {
      name: "product-never-reaches-its-tests",
      severity: "error",
      from: { path: "^(app|components|server|lib)/", pathNot: "\\.test\\.tsx?$|/testing\\.ts$" },
      to: { path: "^e2e/" },
    },
    {
      // Tests set the collector's own accounts behind a web process: testing.ts, and nothing that is built.
      name: "web-never-reaches-collector",
      severity: "error",
      from: { path: "^server/web/", pathNot: "\\.test\\.ts$|^server/web/testing\\.ts$" },
      to: { path: "^server/collector/" },
    },
    {
      // It owns no store, no key and no session: of accounts it knows names and the order of roles.
      name: "web-has-no-store",
      severity: "error",
      from: { path: "^server/web/", pathNot: "\\.test\\.ts$|^server/web/testing\\.ts$" },
      to: { path: "^server/(store/|auth/(?!names|roles))" },
    },
    {
      // Nor by a detour: whoever owns the web process must not find a way to the database in its own code.
      name: "web-never-reaches-the-store",
      severity: "error",
      from: { path: "^server/web/main\\.ts$" },
      to: { path: "^server/(store|collector)/", reachable: true },
    },
    {
      name: "only-store-imports-database",
      severity: "error",
      from: { path: "^(app|components|server|lib)/", pathNot: "^server/store/" },
      to: { path: "node_modules/(better-sqlite3|kysely)" },
    },
    {
      name: "only-live-imports-socket-client",
      severity: "error",
      from: { path: "^(app|components|server|lib)/", pathNot: "^components/live/|\\.test\\.ts$" },
      to: { path: "node_modules/socket.io-client" },
    },
    { name: "resolves", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^(next-env|\\.next)" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
