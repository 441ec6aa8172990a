import { notInstalled } from "../printer";

export const printer = notInstalled("a plain Debian: neither ufw nor firewalld");
