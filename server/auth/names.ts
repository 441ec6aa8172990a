/** Sessions end after this time however much they are used: simple to explain, and a forgotten browser closes by itself. Seconds. */
export const sessionSeconds = 14 * 24 * 3600;
export const cookieName = "taproot_session";
export const tokenPrefix = "taproot_";
/** Tells a browser that has logged in before from a stranger (devices.ts). Browsers keep no cookie longer than 400 days; each log-in renews it. */
export const deviceCookie = "taproot_device";
export const deviceSeconds = 400 * 24 * 3600;
