import { sockets } from "../print/system";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (_state, _now, uid) => items(...sockets(uid)) });
