import { Command, CommanderError, Option } from "commander";
import { type AuditVerifyOptions, auditVerifyCommand } from "./commands/audit";
import { type CaptureCommandOptions, captureCommand } from "./commands/capture";
import { checksCommand } from "./commands/checks";
import { type ExplainCommandOptions, explainCommand } from "./commands/explain";
import { type OpenOptions, openCommand } from "./commands/open";
import { type ScanCommandOptions, scanCommand } from "./commands/scan";
import { sudoersCommand } from "./commands/sudoers";
import type { Context } from "./context";
import { addReachOptions, gather, wholeBetween } from "./options";
import { Interrupted } from "./secrets";
import { UsageError } from "./targets";
import { visible } from "./visible";

const interrupted = 130;
const couldNotLook = 2;

const scanExamples = `
Exit status: 0 nothing fails, 1 something fails, 2 could not look at every host. Warnings and unknowns do not count.

Examples:
  taproot scan root@kvm1
  taproot scan noc@kvm1:2222 '[2001:db8::7]:22' --ask-sudo
  taproot scan --inventory hosts.txt --json > scan.json
  taproot scan root@kvm1 --jump admin@gate.example.net --accept-host-key SHA256:...
  taproot scan root@kvm1 --only nic-no-carrier,bond-down
  taproot scan root@kvm1 --setting nic-flapping.losses=2 --setting clock-skew.skew=0.5
  taproot scan --capture kvm1.json.gz`;

const captureExamples = `
What looks like a secret is taken out; names, addresses and command lines stay. Read it before you give it away.

Examples:
  taproot capture root@kvm1 -o kvm1.json.gz
  taproot scan --capture kvm1.json.gz`;

const explainExamples = `
Exit status: 0 it was judged, whatever the verdict; 2 the file, the check or the subject cannot be used.

Examples:
  taproot explain kvm1.json.gz nic-no-carrier nic/eth0
  taproot explain kvm1.json.gz nic-flapping nic/eth0 --setting nic-flapping.losses=2
  taproot explain kvm1.json.gz bond-down bond/bond0 --json`;

const auditExamples = `
Exit status: 0 it is as it was written, 1 it is not (each place is named), 2 it could not be looked at.

Examples:
  taproot audit verify --data /var/lib/taproot
  taproot audit verify --data /var/lib/taproot --key-file /etc/taproot/secret.key`;

/**
 * Runs the command line. Resolves with the exit status: 0, 1 or 2 of the command, 2 for anything that cannot be used as it was typed, 130 after Ctrl-C.
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  const { terminal } = context;
  const status = { code: 0 };
  const program = programOf(context, status);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return status.code;
  } catch (error) {
    if (context.signal.aborted || error instanceof Interrupted) return interrupted;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : couldNotLook;
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`taproot: ${visible(error.message)}\n`);
    return couldNotLook;
  }
}

const settingOption = () =>
  new Option(
    "--setting <threshold>",
    'CHECK.NAME=VALUE: judge by this threshold; "taproot checks CHECK" names them; repeatable',
  )
    .argParser(gather)
    .default([], "none");

function programOf(context: Context, status: { code: number }): Command {
  // Long: one block for each command, as a person reads its help.
  const { terminal } = context;
  const program = new Command("taproot")
    .description("Finds what is broken in the network under virtual machines, over SSH and without an agent.")
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this")
    .option("--no-color", "no colours (NO_COLOR does the same; without a terminal there are none)")
    .addHelpText(
      "after",
      "\nExamples:\n  taproot scan root@kvm1\n  taproot capture root@kvm1 -o kvm1.json.gz\n  taproot checks nic-no-carrier --lang zh\n  taproot help scan",
    )
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  const command = (name: string, description: string) =>
    program.command(name).description(description).copyInheritedSettings(program).option("--no-color", "no colours");

  addReachOptions(
    command("scan", "look at hosts once and say what is broken").argument(
      "[host...]",
      "[user@]host[:port], an IPv6 address in brackets, or a name of ssh_config",
    ),
  )
    .option("--inventory <file>", "hosts from a file: a line each, or a JSON array; - is standard input")
    .option("--capture <file>", "play a capture back instead of looking at a host")
    .option("--json", "print the result as JSON (docs/scan-format.md)")
    .option("--only <checks>", "only these checks, by id, with commas between")
    .addOption(settingOption())
    .option("--parallel <n>", "hosts at the same time", wholeBetween(1, 100, "A number"), 10)
    .addHelpText("after", scanExamples)
    .action(async (hosts: string[], options: ScanCommandOptions) => {
      status.code = await scanCommand(hosts, options, context);
    });

  addReachOptions(
    command("capture", "record everything that the probes print on one host").argument("<host>", "[user@]host[:port]"),
  )
    .requiredOption("-o, --output <file>", "where to; packed when it ends in .gz; - is standard output")
    .addHelpText("after", captureExamples)
    .action(async (host: string, options: CaptureCommandOptions) => {
      status.code = await captureCommand(host, options, context);
    });

  command("open", "show a capture among the hosts of a server")
    .argument("<file>", "what taproot capture wrote")
    .requiredOption("--to <url>", "address of the server")
    .option("--name <name>", "what it is called there; default: the host's name with day and hour")
    .option("--token-file <file>", "API token of an admin; default: TAPROOT_TOKEN")
    .addHelpText(
      "after",
      "\nExamples:\n  taproot open kvm1.json.gz --to https://taproot.example.net --token-file token",
    )
    .action(async (file: string, options: OpenOptions) => {
      status.code = await openCommand(file, options, context);
    });

  command("checks", "list what is looked for, or explain one check")
    .argument("[id]", "id of a check")
    .addOption(new Option("--lang <language>", "language").choices(["en", "zh"]).default("en"))
    .addHelpText("after", "\nExamples:\n  taproot checks\n  taproot checks tap-not-enslaved --lang zh")
    .action((id: string | undefined, { lang }: { lang: "en" | "zh" }) => {
      status.code = checksCommand(id, lang, context);
    });

  command("explain", "say why a check gave its verdict on a recorded host, and which facts it read")
    .argument("<capture>", "a file that taproot capture wrote")
    .argument("<check>", "id of a check")
    .argument("<subject>", "id of a node or an edge, or the end of it, such as nic/eth0")
    .option("--json", "print all of it as JSON")
    .addOption(new Option("--lang <language>", "language").choices(["en", "zh"]).default("en"))
    .addOption(settingOption())
    .addHelpText("after", explainExamples)
    .action((capture: string, check: string, subject: string, options: ExplainCommandOptions) => {
      status.code = explainCommand(capture, check, subject, options, context);
    });

  command("audit", "the server's audit log")
    .command("verify")
    .copyInheritedSettings(program)
    .description("check that no row of it was changed, removed, put in or moved")
    .option("--data <folder>", "the server's data folder", process.env.TAPROOT_DATA ?? "data")
    .option("--key-file <file>", "the secret key; without it TAPROOT_KEY, TAPROOT_KEY_FILE or secret.key in the folder")
    .addHelpText("after", auditExamples)
    .action((options: AuditVerifyOptions) => {
      status.code = auditVerifyCommand(options, context);
    });

  command("sudoers", "print what a user without root must be allowed to run")
    .argument("[user]", "name of the user", "taproot")
    .addHelpText(
      "after",
      "\nExamples:\n  taproot sudoers noc | ssh root@kvm1 'cat > /etc/sudoers.d/taproot && visudo -cf /etc/sudoers.d/taproot'",
    )
    .action((user: string) => {
      status.code = sudoersCommand(user, context);
    });
  return program;
}
