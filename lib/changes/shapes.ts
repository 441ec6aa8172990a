import { z } from "zod";

/**
 * Shapes that several kinds share. Host text is hostile: every word that reaches a command line has a shape here or in its kind.
 */

/** Bytes that an interface name may take: IFNAMSIZ is 16 with its NUL (include/uapi/linux/if.h). */
const nameBytes = 15;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/**
 * Name of an interface, as the kernel takes it: 1 to 15 bytes, anything but white space, `/`, `:`, NUL, `.` and `..`
 * (dev_valid_name in net/core/dev.c). `-rf` and `$(id)` are such names. For places behind a keyword such as `dev`.
 */
export const Device = z
  .string()
  .regex(/^[^\s/:\0]+$/u, "is no name of an interface")
  .refine((name) => bytesOf(name) <= nameBytes, "is longer than 15 bytes")
  .refine((name) => name !== "." && name !== "..", "is no name of an interface");

/** Name of an interface where an option could stand: it does not begin with `-`. */
export const PlainDevice = Device.refine((name) => !name.startsWith("-"), "reads like an option");

/** Name of an interface that iptables takes: nothing that reads as an option, a negation or a wildcard (`+`). */
export const FilterDevice = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,14}$/, "is a name that iptables would not take as it stands");

/**
 * Name of a port or bridge in Open vSwitch's database. Ports of bonds and patch ports are no interfaces of the kernel and may be longer
 * than 15 bytes; 200 is a bound of ours.
 */
export const OvsName = z
  .string()
  .regex(/^(?!-)[^\s/\p{C}]{1,200}$/u, "is a name that ovs-vsctl would not take as it stands");

/** Named network namespace (a file in /run/netns): only plain names are entered. */
export const Netns = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, "is no plain name of a network namespace");

export const Mac = z.string().regex(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/, "is no MAC");
export const Uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "is no UUID");
/** A VLAN that can be set on a port: 0 and 4095 are reserved (IEEE 802.1Q). */
export const Vid = z.int().min(1).max(4094);
export const OnOff = z.enum(["on", "off"]);
