/** What the lab is made of: names and addresses, in one place, so that cases and tests never guess. */
import { fileURLToPath } from "node:url";

export const labDir = fileURLToPath(new URL(".", import.meta.url));

/** Two labs can run side by side, each with its own namespace, taps, disk and port: TAPROOT_LAB_INSTANCE=1. */
export const instance = process.env.TAPROOT_LAB_INSTANCE ?? "0";
if (!/^[0-9a-z]{1,4}$/.test(instance)) throw new Error("TAPROOT_LAB_INSTANCE must be 1 to 4 of 0-9 a-z");

export const hypervisor = {
  hostname: "kvm-01",
  address: "10.20.0.10",
  memoryMiB: 2048,
  /** Management: user-mode network of QEMU, untouched by any fault that a case injects. */
  mgmtMac: "52:54:00:4c:00:01",
  /** The two uplinks. QEMU's device id, the name in the VM and the switch port they end in. */
  nics: [
    { name: "nic0", mac: "52:54:00:4c:00:10", port: "swp1" },
    { name: "nic1", mac: "52:54:00:4c:00:11", port: "swp2" },
  ],
} as const;

export type NicName = (typeof hypervisor.nics)[number]["name"];

/** The physical switch and the gateway behind it: a bridge in a network namespace. */
export const physical = {
  namespace: `taproot-lab-${instance}`,
  bridge: "sw0",
  gateway: "10.20.0.1",
  prefix: 24,
  /** Stands for "the outside": an address that only the gateway reaches. */
  outside: "198.51.100.1",
  lldpSystemName: "tor-01",
} as const;

/** Tagged networks, carried on both uplinks; their gateways are in router.ts. */
export const vlans = [
  { vid: 10, name: "web", gateway: "10.20.110.1" },
  { vid: 20, name: "db", gateway: "10.20.120.1" },
  { vid: 30, name: "storage", gateway: "10.20.130.1" },
] as const;

/** MACs are the same in every base; addresses are the base's (bases.ts). */
export const guests = {
  "web-01": { mac: "52:54:00:5b:00:01" },
  "web-02": { mac: "52:54:00:5b:00:02" },
} as const;

export type GuestName = keyof typeof guests;

export const guestNames = Object.keys(guests) as GuestName[];

/** The second hypervisor of the labs that need two (base `second`, two.ts), and its guest. */
export const second = {
  hostname: "kvm-02",
  address: "10.20.0.20",
  /** Of its bond and bridge. */
  mac: "52:54:00:4c:00:20",
  guest: "web-03",
  guestMac: "52:54:00:5b:00:03",
  /** Its places in the first one's switch, by its own port. */
  ports: { swp1: "swp3", swp2: "swp4" },
} as const;

export type AnyGuest = GuestName | typeof second.guest;

export const users = { root: "root", sudo: "noc", plain: "plainuser" } as const;
