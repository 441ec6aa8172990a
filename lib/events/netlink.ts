/** The monitors of iproute2 say so when the kernel had more to tell than they could take (libnetlink): what was lost is read anew. */
export const isLost = (line: string): boolean => /^netlink receive error\b/i.test(line);
