"use client";

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { sameJson } from "@/lib/facts/equal";
import type { TopicId } from "@/lib/wire/topics/registry";
import { LiveClient } from "./client";
import { everySecond, readNow } from "./now";
import { initialState, type Liveness, type LiveState, livenessOf } from "./state";

const Live = createContext<LiveClient | undefined>(undefined);

/** Opens the socket for everything below. One a tab. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [client] = useState(() => new LiveClient());
  useEffect(() => {
    // The search and the bar know the fleet from every page.
    const stop = client.watch({ topic: "fleet" });
    client.open();
    return () => {
      stop();
      client.close();
    };
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

/**
 * A part of the live state. `pick` must return a part as it is (no new objects), else every event draws the page anew.
 */
export function useLive<T>(pick: (state: LiveState) => T): T {
  const client = useLiveClient();
  return useSyncExternalStore(
    client.subscribe,
    () => pick(client.read()),
    () => pick(onServer),
  );
}

/**
 * How well this browser follows, now. It looks each second; who asks is drawn anew only when the answer is another one.
 */
export function useLiveness(): Liveness {
  const client = useLiveClient();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [client.subscribe(listener), everySecond(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [client],
  );
  const said = useRef<Liveness>({ kind: "connecting" });
  const read = () => {
    const next = livenessOf(client.read(), readNow());
    if (!sameJson(said.current, next)) said.current = next;
    return said.current;
  };
  return useSyncExternalStore(subscribe, read, () => connecting);
}

const connecting: Liveness = { kind: "connecting" };

/** Watches a stream while the component is on the page: a topic, and the host where there is one of each. */
export function useWatch(topic: TopicId, key?: string): void {
  const client = useLiveClient();
  useEffect(() => client.watch({ topic, ...(key === undefined ? {} : { key }) }), [client, topic, key]);
}
