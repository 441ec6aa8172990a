import { libvirtNetworks } from "../print/libvirt";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(...libvirtNetworks(state)) });
