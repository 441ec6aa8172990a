"use client";

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { LiveClient } from "./client";
import { initialState, type LiveState } from "./state";

const Live = createContext<LiveClient | undefined>(undefined);

/** Opens the socket for everything below. One a tab. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [client] = useState(() => new LiveClient());
  useEffect(() => {
    client.open();
    return () => client.close();
  }, [client]);
  return <Live.Provider value={client}>{children}</Live.Provider>;
}

const onServer = initialState(0);

/** The live client. Throws outside of LiveProvider. */
export function useLiveClient(): LiveClient {
  const client = useContext(Live);
  if (!client) throw new Error("useLiveClient outside of LiveProvider");
  return client;
}

/** A part of the live state. `pick` must return a part as it is (no new objects), else every event draws the page anew. */
export function useLive<T>(pick: (state: LiveState) => T): T {
  const client = useLiveClient();
  return useSyncExternalStore(
    client.subscribe,
    () => pick(client.read()),
    () => pick(onServer),
  );
}

/** Watches one host while the component is on the page. */
export function useWatchHost(host: string): void {
  const client = useLiveClient();
  useEffect(() => {
    client.watchHost(host);
    return () => client.unwatchHost(host);
  }, [client, host]);
}
