/** Sessions end after this time however much they are used: simple to explain, and a forgotten browser closes by itself. Seconds. */
export const sessionSeconds = 14 * 24 * 3600;
export const cookieName = "taproot_session";
export const tokenPrefix = "taproot_";
