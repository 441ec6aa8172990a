"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import type { Me, Role } from "@/lib/wire/rest";
import { route as whoAmI } from "@/lib/wire/routes/me";
import { useLoad } from "../api/use-load";

interface Whoami {
  readonly me: Me | undefined;
  /** May this person do what needs at least `role`? The server decides; this only hides what would be refused. */
  can(role: Role): boolean;
}

const ranks: readonly Role[] = ["viewer", "operator", "admin"];
const Context = createContext<Whoami>({ me: undefined, can: () => false });

/** To the login, and back here afterwards. */
export function toLogin(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Who looks at this. Without a session the page goes to the login and comes back afterwards. */
export function MeProvider({ children }: { readonly children: ReactNode }) {
  const [load] = useLoad(whoAmI, {});
  const gone = load.state === "failed" && load.status === 401;
  useEffect(() => {
    if (gone) toLogin();
  }, [gone]);
  const me = load.state === "loaded" ? load.data : undefined;
  const value = useMemo<Whoami>(
    () => ({ me, can: (role) => me !== undefined && ranks.indexOf(me.role) >= ranks.indexOf(role) }),
    [me],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useMe = (): Whoami => useContext(Context);
