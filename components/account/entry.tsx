"use client";

import type { ReactNode } from "react";
import { Logo } from "../shell/logo";
import { PreferenceButtons } from "../shell/user-menu";

/** The frame of the pages before the login. */
export function Entry({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <div className="flex justify-end p-2">
        <PreferenceButtons />
      </div>
      <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-4 pb-24">
        <p className="mb-6 flex items-center gap-2 font-semibold">
          <Logo /> Taproot
        </p>
        <h1 className="mb-4 text-xl font-semibold">{title}</h1>
        {children}
      </main>
    </div>
  );
}
