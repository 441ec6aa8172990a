/**
 * Header by which the web process tells the pages that it draws which build they are of; it never leaves the process.
 * The page keeps that in the attribute `data-build` of its body: a pulse that names another one makes it say that it is
 * old.
 */
export const buildHeader = "x-taproot-build";
