/** Logs in and runs a script that hangs, until it is killed: what the kill leaves on the host is for stream.test.ts to see. */
import { HostSpec } from "@/lib/wire/rest";
import { connect } from "@/server/collector/ssh/connect";

const { spec, knownHosts, script } = JSON.parse(process.argv[2] ?? "{}");
const connection = await connect(HostSpec.parse(spec), { lines: () => [knownHosts] });
await connection.open(script, [], { timeoutMs: 600_000, maxBytes: 1_000, onLine: (line) => console.log(line) });
