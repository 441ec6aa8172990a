import { parseJson } from "./json";

/** A virtual NIC as QEMU's command line describes it. */
export interface NicArgs {
  readonly id?: string;
  readonly model?: string;
  readonly mac?: string;
  readonly netdev?: string;
  readonly backend?: string;
  readonly ifname?: string;
  readonly br?: string;
  readonly fds: string[];
  readonly vhost?: boolean;
  /** Bridge helper that makes the TAP (of a back end `tap`, or another than the usual one of `bridge`). */
  readonly helper?: string;
  readonly script?: string;
  readonly downscript?: string;
}

/** Arguments of a process from /proc/PID/cmdline, one a line; byte 1 stands for a new line inside an argument. */
export function splitArgs(lines: readonly string[]): string[] {
  return lines.map((line) => line.replaceAll("\x01", "\n"));
}

/**
 * QEMU's `first,key=value,flag` form (",," is a comma) or its JSON form. The first part may go without its key, which is then `firstKey`. Values of nested JSON
 * are left out: no network option nests.
 */
export function commaOptions(text: string, firstKey: string): Map<string, string> {
  const options = new Map<string, string>();
  if (text.startsWith("{")) {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch {
      return options; // QEMU itself would have refused it, or no option of it nests so deep: there is nothing to read.
    }
    if (value !== null && typeof value === "object")
      for (const [key, entry] of Object.entries(value))
        if (typeof entry === "string" || typeof entry === "number" || typeof entry === "boolean")
          options.set(key, entry === true ? "on" : entry === false ? "off" : String(entry));
    return options;
  }
  const parts = text.replaceAll(",,", "\x00").split(",");
  for (const [at, part] of parts.entries()) {
    const plain = part.replaceAll("\x00", ",");
    const equals = plain.indexOf("=");
    if (equals >= 0) options.set(plain.slice(0, equals), plain.slice(equals + 1));
    else if (at === 0) options.set(firstKey, plain);
    else if (plain !== "") options.set(plain, "on");
  }
  return options;
}

/** Devices that are network cards, by QEMU's names; virtio ones come in several transports. */
const cards =
  /^(virtio-net(-pci|-ccw|-device|-pci-transitional|-pci-non-transitional)?|e1000(-82540em|-82544gc|-82545em)?|e1000e|igb|rtl8139|ne2k_(pci|isa)|pcnet|i8255\w+|vmxnet3|tulip|usb-net|spapr-vlan|sungem|lan9118|xen-net-device|vhost-vdpa-device-pci)$/;

function backendOf(options: ReadonlyMap<string, string>): Omit<NicArgs, "id" | "model" | "mac" | "netdev"> {
  const fds = options.get("fds")?.split(":") ?? (options.has("fd") ? [options.get("fd") ?? ""] : []);
  const vhost = options.get("vhost");
  return {
    backend: options.get("type"),
    ifname: options.get("ifname"),
    br: options.get("br"),
    fds,
    vhost: vhost === undefined ? undefined : vhost === "on" || vhost === "yes" || vhost === "true",
    helper: options.get("helper"),
    script: options.get("script"),
    downscript: options.get("downscript"),
  };
}

/** Virtual NICs of a QEMU command line: -device with -netdev, the short -nic, and the old pair of -net nic with -net tap (one hub: joined by position). */
export function nicsOf(args: readonly string[]): NicArgs[] {
  const netdevs = new Map<string, ReadonlyMap<string, string>>();
  const devices: ReadonlyMap<string, string>[] = [];
  const nics: NicArgs[] = [];
  const short: NicArgs[] = [];
  const oldCards: ReadonlyMap<string, string>[] = [];
  const oldBackends: ReadonlyMap<string, string>[] = [];
  for (let at = 1; at < args.length - 1; at++) {
    const option = (args[at] ?? "").replace(/^--?/, "-");
    const value = args[at + 1] ?? "";
    if (option === "-netdev") {
      const options = commaOptions(value, "type");
      netdevs.set(options.get("id") ?? "", options);
    } else if (option === "-device") {
      const options = commaOptions(value, "driver");
      if (cards.test(options.get("driver") ?? "")) devices.push(options);
    } else if (option === "-nic") {
      const options = commaOptions(value, "type");
      if (options.get("type") === "none") continue;
      short.push({
        id: options.get("id"),
        model: options.get("model"),
        mac: options.get("mac"),
        ...backendOf(options),
      });
    } else if (option === "-net") {
      const options = commaOptions(value, "type");
      if (options.get("type") === "nic") oldCards.push(options);
      else if (options.get("type") !== "none") oldBackends.push(options);
    } else continue;
    at++;
  }
  for (const options of devices) {
    const netdev = options.get("netdev");
    nics.push({
      id: options.get("id"),
      model: options.get("driver"),
      mac: options.get("mac"),
      netdev,
      ...backendOf(netdevs.get(netdev ?? "") ?? new Map()),
    });
  }
  nics.push(...short);
  for (const [at, options] of oldCards.entries())
    nics.push({
      id: options.get("id"),
      model: options.get("model"),
      mac: options.get("macaddr"),
      netdev: options.get("netdev"),
      ...backendOf(netdevs.get(options.get("netdev") ?? "") ?? oldBackends[at] ?? new Map()),
    });
  return nics.map((nic) => ({ ...nic, mac: nic.mac?.toLowerCase() }));
}
