import { libvirtState } from "../print/libvirt";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ counts: true, print: (state, now) => items(...libvirtState(state, now)) });
