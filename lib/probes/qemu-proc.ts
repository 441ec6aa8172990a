import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { later } from "./delays";
import { parseItems, printItem } from "./items";
import { linesOf } from "./parts";
import { commaOptions, nicsOf, splitArgs } from "./qemu-args";
import { rootScript } from "./root-script";

/** The kernel takes no longer argument of a program (MAX_ARG_STRLEN). */
const argumentMost = 131_072;

export const QemuNic = z.object({
  /** Id of the device (`net0`). */
  id: z.string().optional(),
  /** virtio-net-pci, e1000... Missing where the command line leaves it to QEMU. */
  model: z.string().optional(),
  /** Missing: QEMU gives 52:54:00:12:34:56 and counts up. */
  mac: z.string().optional(),
  /** Id of the network back end. */
  netdev: z.string().optional(),
  /** tap, user, bridge, socket, vhost-user, vhost-vdpa... */
  backend: z.string().optional(),
  /** Name of the TAP: from the command line, or from the file descriptor that it names. */
  ifname: z.string().optional(),
  /** Bridge that a bridge helper is asked for. */
  br: z.string().optional(),
  /** Numbers (or names) of inherited file descriptors. */
  fds: z.array(z.string()),
  vhost: z.boolean().optional(),
  /** Path of the bridge helper that is asked for the TAP, where one is named. */
  helper: z.string().optional(),
  /** "no" or a path. */
  script: z.string().optional(),
  downscript: z.string().optional(),
});
export type QemuNic = z.infer<typeof QemuNic>;

/** A program that QEMU runs to plug a NIC in. Mode and owners are those behind a link; missing where there is no such file. */
export const PlugProgram = z.object({
  path: z.string(),
  /** Permission bits in octal, set-uid and the like included: "4755". */
  mode: z.string().optional(),
  uid: z.number().optional(),
  gid: z.number().optional(),
});
export type PlugProgram = z.infer<typeof PlugProgram>;

const User = z.object({ uid: z.number(), gid: z.number(), groups: z.array(z.number()) });

export const QemuProcess = z.object({
  pid: z.number(),
  emulator: z.string(),
  /** -name; its `guest=` where given. */
  name: z.string().optional(),
  uuid: z.string().optional(),
  machine: z.string().optional(),
  /** kvm or tcg, where the command line says so. */
  accel: z.string().optional(),
  /** Started by libvirt: the domain is in libvirt-domains as well. */
  libvirt: z.boolean(),
  nics: z.array(QemuNic),
  /** TAPs that it holds open, by file descriptor. Missing without root. */
  taps: z.array(z.object({ fd: z.number(), ifname: z.string() })).optional(),
  /** Network and KVM device nodes that it holds open (/dev/kvm, /dev/vhost-net, /dev/tap7 for a macvtap with ifindex 7). Missing without root. */
  devices: z.array(z.string()).optional(),
  /** As whom it was started: root where it gives its rights away by itself (-runas). Missing where it was not read. */
  user: User.optional(),
  /** Scripts and helpers with a full path in its arguments. What could not be looked at (a folder that is not ours to read) is not in it. */
  programs: z.array(PlugProgram).optional(),
});
export type QemuProcess = z.infer<typeof QemuProcess>;

interface Held {
  taps: { fd: number; ifname: string }[];
  /** Each once, in the order in which they were met. */
  devices: Set<string>;
}

/** `@pid`, then `/proc/pid/fdinfo/N:iff:\tname` and `/dev/...` lines. Names of interfaces hold no white space. */
function heldBy(lines: readonly string[]): Map<number, Held> {
  const found = new Map<number, Held>();
  let current: Held | undefined;
  for (const line of lines) {
    const head = /^@(\d+)$/.exec(line);
    const tap = /^\/proc\/\d+\/fdinfo\/(\d+):iff:\s*(\S+)$/.exec(line);
    if (head) {
      current = { taps: [], devices: new Set() };
      found.set(Number(head[1]), current);
    } else if (current && tap) current.taps.push({ fd: Number(tap[1]), ifname: tap[2] ?? "" });
    else if (current && line.startsWith("/dev/")) {
      current.devices.add(line);
    } else if (line !== "") throw new ParseError(`file descriptors: ${JSON.stringify(line.slice(0, 80))}`);
  }
  return found;
}

/** `@pid`, then the lines Uid, Gid and Groups of /proc/pid/status: real, effective, saved and file system's number. */
function usersBy(lines: readonly string[]): Map<number, z.output<typeof User>> {
  const found = new Map<number, z.output<typeof User>>();
  let current: z.output<typeof User> | undefined;
  for (const line of lines) {
    const head = /^@(\d+)$/.exec(line);
    const entry = /^(Uid|Gid|Groups):([\d\s]*)$/.exec(line);
    if (head) {
      current = { uid: -1, gid: -1, groups: [] };
      found.set(Number(head[1]), current);
    } else if (current && entry) {
      const numbers = (entry[2] ?? "").split(/\s+/).filter(Boolean).map(Number);
      if (entry[1] === "Uid") current.uid = numbers[1] ?? -1;
      else if (entry[1] === "Gid") current.gid = numbers[1] ?? -1;
      else current.groups = numbers;
    } else if (line !== "") throw new ParseError(`user of a process: ${JSON.stringify(line.slice(0, 80))}`);
  }
  // A process that ended meanwhile has no status.
  for (const [pid, user] of found) if (user.uid < 0 || user.gid < 0) found.delete(pid);
  return found;
}

/** `mode|uid|gid|path`, or `-|path` where there is none. */
function programsBy(lines: readonly string[]): Map<string, PlugProgram> {
  return new Map(
    lines.filter(Boolean).map((line): [string, PlugProgram] => {
      const gone = /^-\|(\/.*)$/s.exec(line)?.[1];
      if (gone !== undefined) return [gone, { path: gone }];
      const [, mode, uid, gid, path] = /^([0-7]{1,5})\|(\d+)\|(\d+)\|(\/.*)$/s.exec(line) ?? [];
      if (path === undefined) throw new ParseError(`stat: ${JSON.stringify(line.slice(0, 80))}`);
      return [path, { path, mode, uid: Number(uid), gid: Number(gid) }];
    }),
  );
}

/** Only root can become somebody else. */
const startedByRoot = (args: readonly string[]): boolean =>
  byOption(args, "runas") !== undefined || commaOptions(byOption(args, "run-with") ?? "", "").has("user");

const byOption = (args: readonly string[], option: string): string | undefined => {
  const at = args.findIndex((arg) => arg === `-${option}` || arg === `--${option}`);
  return at < 0 ? undefined : args[at + 1];
};

/** Proxmox gives a guest its identity by the system table of its firmware only: `-smbios type=1,uuid=...`. */
function smbiosUuid(args: readonly string[]): string | undefined {
  for (const [at, arg] of args.entries()) {
    const table = arg === "-smbios" ? commaOptions(args[at + 1] ?? "", "file") : undefined;
    if (table?.get("type") === "1") return table.get("uuid");
  }
  return undefined;
}

function accelOf(args: readonly string[]): string | undefined {
  if (args.includes("-enable-kvm") || args.includes("--enable-kvm")) return "kvm";
  const accel = byOption(args, "accel");
  if (accel !== undefined) return commaOptions(accel, "accel").get("accel");
  return commaOptions(byOption(args, "machine") ?? byOption(args, "M") ?? "", "type").get("accel");
}

interface Read {
  readonly held: ReadonlyMap<number, Held> | undefined;
  readonly users: ReadonlyMap<number, z.output<typeof User>> | undefined;
  readonly programs: ReadonlyMap<string, PlugProgram> | undefined;
}

function readProcess(pid: number, args: readonly string[], read: Read): QemuProcess {
  const held = read.held?.get(pid);
  const nics = nicsOf(args);
  const named = [...new Set(nics.flatMap((nic) => [nic.script, nic.downscript, nic.helper]))];
  const user = startedByRoot(args) ? { uid: 0, gid: 0, groups: [] } : read.users?.get(pid);
  const programs = read.programs && named.flatMap((path) => read.programs?.get(path ?? "") ?? []);
  const name = commaOptions(byOption(args, "name") ?? "", "guest").get("guest");
  const fdNames = new Map(held?.taps.map(({ fd, ifname }) => [String(fd), ifname]));
  return {
    pid,
    emulator: args[0] ?? "",
    name: name === "" ? undefined : name,
    uuid: byOption(args, "uuid") ?? smbiosUuid(args),
    machine: commaOptions(byOption(args, "machine") ?? byOption(args, "M") ?? "", "type").get("type") || undefined,
    accel: accelOf(args),
    libvirt: args.some((arg) => arg.includes("/var/lib/libvirt/qemu/") || arg.startsWith("socket,id=charmonitor,")),
    nics: nics.map((nic) => ({
      ...nic,
      ifname: nic.ifname ?? nic.fds.map((fd) => fdNames.get(fd)).find((ifname) => ifname !== undefined),
    })),
    taps: held?.taps,
    devices: held && [...held.devices],
    ...(user ? { user } : {}),
    ...(programs?.length ? { programs } : {}),
  };
}

/** Reads file descriptors of QEMU processes; one constant text, so that a sudoers line can allow it as it stands. */
const descriptors = rootScript(
  `for p in /proc/[0-9]*; do read -r n 2>/dev/null <$p/comm || continue; case $n in qemu-system-*|qemu-kvm*|kvm) ;; *) continue ;; esac; echo @\${p#/proc/}; grep -sHa ^iff: $p/fdinfo/*; ls -l $p/fd 2>/dev/null | grep -ao "/dev/[a-z][a-z0-9/-]*"; done; :`,
);

/**
 * QEMU processes, libvirt's and others', with their virtual NICs as the command line has them and the TAPs that they hold.
 *
 * Sample, item `862` (arguments, one a line): `/usr/bin/qemu-system-x86_64`, `-name`, `guest=web-01,debug-threads=on`, ..., `-netdev`, `{"type":"tap","fd":"32","id":"hostnet0"}`,
 * `-device`, `{"driver":"virtio-net-pci","netdev":"hostnet0","id":"net0","mac":"52:54:00:5b:00:01",...}`;
 * item `users`: `@862`, `Uid:	64055	64055	64055	64055`, `Gid:	...`, `Groups:	104 64055`; item `programs`: `755|0|0|/etc/qemu-ifup`, `-|/opt/gone.sh`;
 * item `descriptors`: `@862`, `/proc/862/fdinfo/32:iff:	vnet0`, `/dev/net/tun`
 */
export const probe = defineProbe({
  id: "qemu-proc",
  title: { en: "QEMU processes", zh: "QEMU 进程" },
  tier: "slow",
  rereadOn: { "ip-monitor:come-or-gone": later, "virsh-event:guest": later },
  mayAppear: true,
  command: "tr '\\0' ' ' </proc/PID/cmdline; grep iff: /proc/PID/fdinfo/*",
  // A new line inside an argument becomes byte 1, for arguments are printed one a line.
  script: `u=
for p in /proc/[0-9]*; do read -r n 2>/dev/null <"$p/comm" || continue
case $n in qemu-system-*|qemu-kvm*|kvm) ;; *) continue ;; esac
u="$u \${p#/proc/}"
item "\${p#/proc/}" sh -c 'tr "\\000\\012" "\\012\\001" <"$0/cmdline" 2>/dev/null' "$p"; done
item users sh -c 'for p; do echo "@$p"; grep -E "^(Uid|Gid|Groups):" "/proc/$p/status" 2>/dev/null; done; :' sh $u
item programs sh -c 'for p; do tr "\\000\\012" "\\012\\001" <"/proc/$p/cmdline" 2>/dev/null; done | tr , "\\012" | sed -n -E "s#^(script|downscript|helper)=(/.*)#\\2#p" | sort -u | head -n 64 | while IFS= read -r f; do
if s=$(stat -L -c "%a|%u|%g" -- "$f" 2>&1); then printf "%s|%s\\n" "$s" "$f"; else case $s in *": No such file or directory") printf -- "-|%s\\n" "$f" ;; esac; fi; done; :' sh $u
item descriptors as_root ${descriptors}`,
  privilege: "partial",
  sudo: [descriptors],
  timeoutMs: 15_000,
  maxBytes: 33_554_432,
  fact: z.array(QemuProcess),
  parse: (raw) => {
    const items = parseItems(raw.stdout);
    const last = items.pop();
    if (last?.name !== "descriptors") throw new ParseError("part descriptors is missing");
    // Older recordings have neither users nor programs.
    const extra = (name: string) => {
      const at = items.findIndex((item) => item.name === name);
      return at < 0 ? undefined : items.splice(at, 1)[0];
    };
    const [users, programs] = [extra("users"), extra("programs")];
    const read: Read = {
      held: last.exit === 0 ? heldBy(linesOf(last)) : undefined,
      users: users && usersBy(linesOf(users)),
      programs: programs && programsBy(linesOf(programs)),
    };
    return items.flatMap((item) => {
      const pid = Number(item.name);
      if (!/^\d{1,10}$/.test(item.name)) throw new ParseError(`no process id: ${item.name}`);
      const args = splitArgs(linesOf(item, argumentMost));
      // A process that ended between two reads has an empty command line.
      return item.exit !== 0 || args.length === 0 ? [] : [readProcess(pid, args, read)];
    });
  },
  sources: ["https://www.qemu.org/docs/master/system/invocation.html", "https://docs.kernel.org/filesystems/proc.html"],
  examples: [
    {
      name: "a libvirt guest",
      stdout:
        printItem(
          "871",
          '/usr/bin/qemu-system-x86_64\n-name\nguest=web-01,debug-threads=on\n-machine\npc-i440fx-7.2,usb=off,dump-guest-core=off,memory-backend=pc.ram\n-accel\ntcg\n-uuid\n5b000000-0000-4000-8000-000000000001\n-chardev\nsocket,id=charmonitor,fd=31,server=on,wait=off\n-netdev\n{"type":"tap","fd":"32","id":"hostnet0"}\n-device\n{"driver":"virtio-net-pci","netdev":"hostnet0","id":"net0","mac":"52:54:00:5b:00:01","bus":"pci.0","addr":"0x2"}\n-device\n{"driver":"isa-serial","chardev":"charserial0","id":"serial0","index":0}\n',
        ) + printItem("descriptors", "@871\n/proc/871/fdinfo/32:iff:\tvnet0\n/dev/net/tun\n"),
      expect: [
        {
          pid: 871,
          emulator: "/usr/bin/qemu-system-x86_64",
          name: "web-01",
          uuid: "5b000000-0000-4000-8000-000000000001",
          machine: "pc-i440fx-7.2",
          accel: "tcg",
          libvirt: true,
          nics: [
            {
              id: "net0",
              model: "virtio-net-pci",
              mac: "52:54:00:5b:00:01",
              netdev: "hostnet0",
              backend: "tap",
              ifname: "vnet0",
              fds: ["32"],
            },
          ],
          taps: [{ fd: 32, ifname: "vnet0" }],
          devices: ["/dev/net/tun"],
        },
      ],
    },
    {
      name: "a plain guest started by hand, without root",
      stdout:
        printItem(
          "900",
          "qemu-system-x86_64\n-name\nvm,,one\n-enable-kvm\n-netdev\ntap,id=n0,ifname=tap7,script=/etc/qemu-ifup,downscript=no,vhost=on\n-device\ne1000,netdev=n0,mac=52:54:00:12:34:56\n-nic\nbridge,br=br0,model=virtio-net-pci\n",
        ) +
        printItem("users", "@900\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t27 1000 ") +
        printItem("programs", "-|/etc/qemu-ifup") +
        printItem("descriptors", "", 77),
      expect: [
        {
          pid: 900,
          emulator: "qemu-system-x86_64",
          name: "vm,one",
          accel: "kvm",
          libvirt: false,
          nics: [
            {
              model: "e1000",
              mac: "52:54:00:12:34:56",
              netdev: "n0",
              backend: "tap",
              ifname: "tap7",
              fds: [],
              vhost: true,
              script: "/etc/qemu-ifup",
              downscript: "no",
            },
            { model: "virtio-net-pci", backend: "bridge", br: "br0", fds: [] },
          ],
          user: { uid: 1000, gid: 1000, groups: [27, 1000] },
          programs: [{ path: "/etc/qemu-ifup" }],
        },
      ],
    },
    {
      name: "as Proxmox starts one: its identity stands in the firmware's table",
      stdout:
        printItem(
          "4711",
          "/usr/bin/kvm\n-id\n101\n-name\nweb-01,debug-threads=on\n-smbios\ntype=1,uuid=5b000000-0000-4000-8000-000000000001\n-netdev\ntype=tap,id=net0,ifname=tap101i0,script=/var/lib/qemu-server/pve-bridge,downscript=/var/lib/qemu-server/pve-bridgedown,vhost=on\n-device\nvirtio-net-pci,mac=BC:24:11:00:00:01,netdev=net0,bus=pci.0,addr=0x12,id=net0\n",
        ) + printItem("descriptors", "", 77),
      expect: [
        {
          pid: 4711,
          emulator: "/usr/bin/kvm",
          name: "web-01",
          uuid: "5b000000-0000-4000-8000-000000000001",
          libvirt: false,
          nics: [
            {
              id: "net0",
              model: "virtio-net-pci",
              mac: "bc:24:11:00:00:01",
              netdev: "net0",
              backend: "tap",
              ifname: "tap101i0",
              fds: [],
              vhost: true,
              script: "/var/lib/qemu-server/pve-bridge",
              downscript: "/var/lib/qemu-server/pve-bridgedown",
            },
          ],
        },
      ],
    },
  ],
});
