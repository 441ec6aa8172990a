import { definePrinter, items } from "../printer";

/** Nobody has allowed it: the host's owner has made no such file. */
export const printer = definePrinter({ print: () => items(["segments", "#end"]) });
