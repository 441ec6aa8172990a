import { hypervisor } from "./config";

/**
 * The devices. A saved state only loads into the same ones, so the bases' names carry a hash of this list.
 * `speed` makes the NICs report 10 Gb/s full duplex, as virtio otherwise says "unknown".
 */
export function deviceArgv(): string[] {
  return [
    ...["-machine", "pc", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", `${hypervisor.memoryMiB}`],
    ...["-device", `virtio-net-pci,id=mgmt0,netdev=n-mgmt0,mac=${hypervisor.mgmtMac},addr=0x8,romfile=`],
    ...hypervisor.nics.flatMap((nic, i) => [
      "-device",
      `virtio-net-pci,id=${nic.name},netdev=n-${nic.name},mac=${nic.mac},addr=0x${10 + i},speed=10000,duplex=full,romfile=`,
    ]),
    ...["-device", "virtio-serial-pci,addr=0x6", "-device", "virtserialport,chardev=agent,name=taproot.lab"],
    ...["-device", "virtio-rng-pci,addr=0x7", "-display", "none", "-vga", "none", "-nodefaults", "-no-user-config"],
    "-append",
    "root=/dev/vda rw console=ttyS0 quiet mitigations=off apparmor=0 systemd.show_status=0 random.trust_cpu=on",
  ];
}
