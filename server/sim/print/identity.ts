import type { SimState } from "../model";
import type { Parts } from "./libvirt";

/** Parts of the probe identity: Debian on a rack server. */
export function identity(state: SimState, uid: number): Parts {
  return [
    ["uname", `${state.hostname}\n6.1.0-28-amd64\nx86_64`],
    ["uid", String(uid)],
    [
      "os",
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nID=debian',
    ],
    [
      "files",
      [
        `/etc/machine-id:${state.machineId}`,
        `/proc/sys/kernel/random/boot_id:${state.bootId}`,
        "/sys/class/dmi/id/sys_vendor:Simulated",
        "/sys/class/dmi/id/product_name:Demo hypervisor",
      ].join("\n"),
    ],
    ["virt", "none"],
  ];
}

/** Parts of the probe clock: in step. */
export function clock(state: SimState, now: number): Parts {
  const uptime = Math.max(0, now - state.bootedAt) / 1000;
  const seconds = (now / 1000).toFixed(9);
  return [
    ["date", String(now) + "000000"],
    ["uptime", `${uptime.toFixed(2)} ${(uptime * 7).toFixed(2)}`],
    ["timedatectl", "Timezone=Etc/UTC\nNTP=yes\nNTPSynchronized=yes"],
    [
      "chrony",
      `C0000201,192.0.2.1,3,${seconds},0.000012345,-0.000003210,0.000020000,-12.345,0.001,0.030,0.010000000,0.000200000,64.3,Normal`,
    ],
  ];
}

/** Parts of the probe qemu-proc: what libvirt starts for each running guest. A new line in an argument would stand as byte 1. */
export function qemuProc(state: SimState): Parts {
  const parts: [string, string][] = [];
  const held: string[] = [];
  for (const guest of state.guests.values()) {
    if (guest.state === "shut off") continue;
    const name = guest.name.replaceAll(",", ",,");
    const args = [
      "/usr/bin/qemu-system-x86_64",
      "-name",
      `guest=${name},debug-threads=on`,
      "-machine",
      "pc-q35-7.2,usb=off,dump-guest-core=off,memory-backend=pc.ram",
      "-accel",
      "kvm",
      "-uuid",
      guest.uuid,
      "-chardev",
      "socket,id=charmonitor,fd=31,server=on,wait=off",
    ];
    held.push(`@${guest.pid}`);
    for (const [at, nic] of guest.nics.entries()) {
      const tap = nic.tap === undefined ? undefined : state.links.get(nic.tap);
      const fd = 32 + at * 2;
      args.push(
        "-netdev",
        JSON.stringify({ type: "tap", fd: String(fd), vhost: true, vhostfd: String(fd + 1), id: `hostnet${at}` }),
      );
      args.push(
        "-device",
        JSON.stringify({
          driver: "virtio-net-pci",
          netdev: `hostnet${at}`,
          id: `net${at}`,
          mac: nic.mac,
          bus: `pci.${at + 1}`,
        }),
      );
      if (tap !== undefined) held.push(`/proc/${guest.pid}/fdinfo/${fd}:iff:\t${tap.name}`);
    }
    held.push("/dev/kvm", "/dev/net/tun", "/dev/vhost-net");
    parts.push([String(guest.pid), args.join("\n")]);
  }
  const users = parts.map(
    ([pid]) => `@${pid}\nUid:\t64055\t64055\t64055\t64055\nGid:\t104\t104\t104\t104\nGroups:\t104 64055 `,
  );
  return [...parts, ["users", users.join("\n")], ["programs", ""], ["descriptors", held.join("\n")]];
}
