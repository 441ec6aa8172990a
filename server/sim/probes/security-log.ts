import { notInstalled } from "../printer";

export const printer = notInstalled("no auditd: denials would be in the kernel's log");
