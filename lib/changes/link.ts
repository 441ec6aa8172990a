import type { Argv } from "./define";

/** `ip link set dev NAME ...`, in a named network namespace where one is given. */
export const ipLinkSet = (
  { device, netns }: { readonly device: string; readonly netns?: string | undefined },
  ...words: readonly string[]
): Argv => ["ip", ...(netns === undefined ? [] : ["-n", netns]), "link", "set", "dev", device, ...words];

/** virsh as the system's own libvirt is reached. */
export const virsh = (...words: readonly string[]): Argv => ["virsh", "-q", "-c", "qemu:///system", ...words];
