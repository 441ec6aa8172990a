"use client";

import "@/lib/text/late/acting";
import { FlaskConical, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { route as startDemo } from "@/lib/wire/routes/start-demo";
import { call, reasonOf } from "../api/client";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";

const demoHosts = 8;

/** An empty inventory: the first minute. */
export function Welcome() {
  const { t } = useText();
  const { can } = useMe();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const demo = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await call(startDemo, { body: { hosts: demoHosts } });
      // The cards come by the socket; the button stays busy until they do.
    } catch (error) {
      setFailure(reasonOf(error));
      setBusy(false);
    }
  };
  return (
    <main className="flex flex-1 items-center justify-center overflow-y-auto p-6">
      <div className="w-full max-w-2xl">
        <h1 className="text-xl font-semibold">{t("welcome")}</h1>
        <p className="mt-1 text-base text-muted">{t("welcomeLong")}</p>
        {can("admin") ? (
          <div className="mt-6 grid border-y border-line sm:grid-cols-2 sm:divide-x sm:divide-line">
            <div className="flex flex-col items-start gap-2 py-4 sm:pr-6">
              <h2 className="font-semibold">{t("welcomeAdd")}</h2>
              <p className="flex-1 text-muted">{t("welcomeAddLong")}</p>
              <Link
                href="/hosts/add"
                className="mt-1 inline-flex h-8 items-center gap-1.5 rounded bg-accent px-2.5 font-medium text-accent-text hover:opacity-90"
              >
                <Plus aria-hidden="true" className="size-4" />
                {t("addHost")}
              </Link>
            </div>
            <div className="flex flex-col items-start gap-2 py-4 sm:pl-6">
              <h2 className="font-semibold">{t("welcomeDemo")}</h2>
              <p className="flex-1 text-muted">{t("welcomeDemoLong")}</p>
              <Button
                className="mt-1"
                disabled={busy}
                onClick={() => void demo()}
                icon={<FlaskConical className="size-4" />}
              >
                {t(busy ? "demoStarting" : "demoStart")}
              </Button>
            </div>
          </div>
        ) : (
          <Notice className="mt-6">{t("welcomeViewer")}</Notice>
        )}
        {failure && (
          <Notice look="fail" className="mt-4">
            {failure}
          </Notice>
        )}
      </div>
    </main>
  );
}
