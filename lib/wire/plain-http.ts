/** Header by which the web process tells the pages that it draws that they go over http to others (--insecure-http). It never leaves the process. */
export const plainHttpHeader = "x-taproot-plain-http";
