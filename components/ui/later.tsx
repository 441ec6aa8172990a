"use client";

import { type ComponentType, createElement, lazy, Suspense } from "react";
import { useText } from "./language";
import { Notice } from "./notice";

/**
 * A component whose code is loaded when it is drawn for the first time: what most visitors never open weighs nothing. Where the code cannot be
 * loaded (the server has gone, or holds a newer build than this page) it says so, and the page around it stays.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const failed: ComponentType<P> = () => <CouldNotLoad />;
  const Later: ComponentType<P> = lazy(async () => ({ default: await load().catch(() => failed) }));
  return (props) => <Suspense fallback={null}>{createElement(Later, props)}</Suspense>;
}

function CouldNotLoad() {
  const { t } = useText();
  return <Notice look="fail">{t("partFailed")}</Notice>;
}
