import type { Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import { sudoersFragment } from "@/lib/probes/sudoers";
import type { Context } from "../context";
import { UsageError } from "../targets";

const all: readonly Probe[] = Object.values(probes);

/** `taproot sudoers`: what the probes run through sudo, and nothing else. Throws UsageError for a user name that sudoers could not hold. */
export function sudoersCommand(user: string, context: Context): number {
  if (!/^[a-z_][a-z0-9_.-]{0,31}$/.test(user)) throw new UsageError(`${user}: not a user name`);
  context.terminal.out(sudoersFragment(user, all));
  return 0;
}
