import { nft } from "../print/firewall";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: () => items(["ruleset", nft]) });
