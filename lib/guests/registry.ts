// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { source as libvirtSource } from "./libvirt";
import { source as qemuSource } from "./qemu";

export const sources = {
  "libvirt": libvirtSource,
  "qemu": qemuSource,
} as const;
