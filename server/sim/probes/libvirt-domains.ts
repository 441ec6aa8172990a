import { libvirtDomains } from "../print/libvirt";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state, now) => items(...libvirtDomains(state, now)) });
