import { deviceCookie, deviceSeconds } from "@/server/auth/names";

/** On https a name that a browser takes only from this very site, as the session's: a sibling site could else plant a device of its own. */
const nameOf = (secure: boolean) => (secure ? `__Host-${deviceCookie}` : deviceCookie);

/** What the browser says of the device that it is; undefined where it says nothing. It opens nothing: the collector only counts its attempts apart. */
export function deviceOf(header: string | undefined, secure: boolean): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const cut = part.indexOf("=");
    if (cut > 0 && part.slice(0, cut).trim() === nameOf(secure))
      return (
        part
          .slice(cut + 1)
          .trim()
          .slice(0, 200) || undefined
      );
  }
  return undefined;
}

/** Set-Cookie line by which a browser is known at its next log-in. */
export const deviceLine = (value: string, secure: boolean) =>
  `${nameOf(secure)}=${value}; Path=/; Max-Age=${deviceSeconds}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
