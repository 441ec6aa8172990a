import type { HostScan } from "@/server/collector/scan";
import { showTarget } from "./targets";
import type { Colour } from "./terminal";
import { visible } from "./visible";

/** What a person can do about a host that could not be looked at. */
export function explainFailure({ snapshot: { host }, failure, spec }: HostScan, colour: Colour): string {
  if (failure === undefined) return "";
  const name = visible(host.name);
  const lines = [colour.red(`could not look at ${name}: ${visible(failure.message)}`)];
  const { question } = failure;
  if (question !== undefined) {
    const where = visible(showTarget({ host: question.address, port: question.port }));
    const shown = `${question.keyType} ${question.fingerprint}`;
    if (failure.kind === "key-unknown")
      lines.push(
        `  ${where} shows the key ${visible(shown)}`,
        "  Compare it with what the host itself says (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on its console), then:",
        `  --accept-host-key ${visible(question.fingerprint)}`,
      );
    else
      lines.push(
        colour.red(
          colour.bold(
            "  THE HOST KEY IS NOT THE ONE ON RECORD. Somebody may be listening in, or the host was installed anew.",
          ),
        ),
        `  ${where} shows ${visible(shown)}`,
        ...(question.known === undefined ? [] : [`  on record is ${visible(question.known)}`]),
        "  Nothing was sent to it. No option overrides this: find out why; if the change is right, take the old key off the record:",
        `  ssh-keygen -R ${visible(question.port === 22 ? question.address : `'[${question.address}]:${question.port}'`)}`,
      );
  }
  if (failure.kind === "login" && spec)
    lines.push(`  user ${visible(spec.user)}; see --user, --identity, --ask-password in "taproot scan --help"`);
  return `${lines.join("\n")}\n`;
}
