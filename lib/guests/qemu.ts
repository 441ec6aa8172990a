import { type Facts, factIfRead } from "../facts/facts";
import type { FactOf } from "../probes/registry";
import { defineGuestSource, type Guest, type GuestNic } from "./define";
import { tapMacs } from "./macs";

/** Processes of QEMU, whoever started them. Nothing but the process tells which TAP it holds. */
export const source = defineGuestSource({
  rank: 2,
  reads: ["qemu-proc", "ip-link"],
  guests: fromProcesses,
});

function fromProcesses(facts: Facts): Guest[] {
  const macs = tapMacs(facts);
  return (factIfRead(facts, "qemu-proc") ?? []).map((process) => {
    const nics = processNics(process, macs);
    const name = process.name ?? `qemu ${nics[0]?.tap ?? nics[0]?.mac ?? process.pid}`;
    return {
      name,
      ...(process.name === undefined ? { nameless: true } : {}),
      uuid: process.uuid,
      key: process.uuid === undefined ? `name:${name}` : `uuid:${process.uuid}`,
      alive: true,
      state: "running",
      pid: process.pid,
      nics,
    };
  });
}

/** NICs of a QEMU process. The TAP: named on the command line, else by its file descriptor, else the one whose MAC libvirt derived from the guest's. */
function processNics(process: FactOf<"qemu-proc">[number], macs: ReadonlyMap<string, string>): GuestNic[] {
  let unnamed = 0;
  const held = (process.taps ?? []).map((tap) => tap.ifname);
  return process.nics.map((nic, at) => {
    // QEMU's own choice where none is given: 52:54:00:12:34:56 and on - the same in every guest that was not told better.
    const mac = nic.mac?.toLowerCase() ?? `52:54:00:12:34:${(0x56 + unnamed++).toString(16)}`;
    const isTap = nic.backend === undefined || nic.backend === "tap" || nic.backend === "bridge";
    const byMac = [...macs].find(([, address]) => address.startsWith("fe:") && address.slice(2) === mac.slice(2))?.[0];
    const only = process.nics.length === 1 && held.length === 1 ? held[0] : undefined;
    return {
      mac,
      tap: nic.ifname ?? (isTap ? (only ?? byMac) : undefined),
      type: nic.backend ?? "tap",
      model: nic.model,
      alias: nic.id ?? `net${at}`,
      bridge: nic.br,
    };
  });
}
