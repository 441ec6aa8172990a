"use client";

import "@/lib/text/late/adding";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { visible } from "@/lib/text/visible";
import type { HostSpec, TestResult } from "@/lib/wire/rest";
import { route as addHost } from "@/lib/wire/routes/add-host";
import { route as approveKey } from "@/lib/wire/routes/approve-key";
import { route as testHost } from "@/lib/wire/routes/test-host";
import { call, reasonOf } from "../api/client";
import { useMe } from "../shell/me";
import { subjectHref } from "../shell/search";
import { Button } from "../ui/button";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { Page } from "../ui/page";
import { emptyDraft, type FieldErrors, specOf } from "./draft";
import { FoundStep } from "./found-step";
import { HostForm } from "./host-form";
import { KeyStep } from "./key-step";

type Stage =
  | { readonly at: "form"; readonly failure?: string }
  | { readonly at: "key"; readonly spec: HostSpec; readonly question: Extract<TestResult, { kind: "key" }>["question"] }
  | { readonly at: "found"; readonly spec: HostSpec; readonly found: Extract<TestResult, { kind: "found" }> };

const noErrors: FieldErrors = new Map();

/** Address, key, test, compare the fingerprint, look at what was found, save. Secrets live in this page's memory until then, nowhere else. */
export function AddPage() {
  // Long: three steps that hand one draft on to each other.
  const { t } = useText();
  const { me, can } = useMe();
  const router = useRouter();
  const [draft, setDraft] = useState(emptyDraft);
  const [errors, setErrors] = useState(noErrors);
  const [stage, setStage] = useState<Stage>({ at: "form" });
  const [busy, setBusy] = useState<"testing" | "saving">();
  const [failure, setFailure] = useState<string>();

  const during = async (what: "testing" | "saving", work: () => Promise<void>) => {
    setBusy(what);
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setBusy(undefined);
  };
  const test = async (spec: HostSpec) => {
    const result = await call(testHost, { body: spec });
    if (result.kind === "failed") setStage({ at: "form", failure: result.reason });
    else if (result.kind === "key") setStage({ at: "key", spec, question: result.question });
    else setStage({ at: "found", spec, found: result });
  };
  const begin = () => {
    const made = specOf(draft);
    if ("errors" in made) {
      setErrors(made.errors);
      return;
    }
    setErrors(noErrors);
    setStage({ at: "form" });
    void during("testing", () => test(made.spec));
  };
  const approve = (replace: string | undefined) => {
    if (stage.at !== "key") return;
    const { spec, question } = stage;
    void during("testing", async () => {
      await call(approveKey, { body: { question, ...(replace === undefined ? {} : { replace }) } });
      await test(spec);
    });
  };
  const save = () => {
    if (stage.at !== "found") return;
    const { spec } = stage;
    void during("saving", async () => {
      await call(addHost, { body: spec });
      router.push(subjectHref(spec.id));
    });
  };
  if (me && !can("admin"))
    return (
      <Page title={t("addHost")} narrow>
        <Notice>{t("needsAdmin")}</Notice>
      </Page>
    );
  return (
    <Page title={t("addHost")} narrow>
      <Steps at={stage.at} />
      <div className="rounded border border-line bg-surface p-4">
        {stage.at === "form" && (
          <form
            noValidate
            onSubmit={(e) => {
              e.preventDefault();
              begin();
            }}
            className="flex flex-col gap-4"
          >
            <HostForm draft={draft} errors={errors} onChange={setDraft} />
            {stage.failure && (
              <Notice look="fail">
                <strong className="font-semibold">{t("testFailed")}</strong> {visible(stage.failure)}
              </Notice>
            )}
            <div className="flex items-center gap-3 border-t border-line pt-4">
              <Button type="submit" look="primary" disabled={busy !== undefined}>
                {t(busy ? "testing" : "test")}
              </Button>
              <span className="text-xs text-muted">{t("secretsGoWhere")}</span>
            </div>
          </form>
        )}
        {stage.at === "key" && (
          <KeyStep
            question={stage.question}
            busy={busy !== undefined}
            onApprove={approve}
            onBack={() => setStage({ at: "form" })}
          />
        )}
        {stage.at === "found" && (
          <FoundStep
            found={stage.found}
            busy={busy !== undefined}
            onSave={save}
            onBack={() => setStage({ at: "form" })}
          />
        )}
        {busy && stage.at !== "form" && (
          <p role="status" className="mt-3 text-muted">
            {t(busy === "saving" ? "saving" : "testing")}
          </p>
        )}
        {failure && (
          <Notice look="fail" className="mt-4">
            {visible(failure)}
          </Notice>
        )}
      </div>
    </Page>
  );
}

function Steps({ at }: { readonly at: Stage["at"] }) {
  const { t } = useText();
  const steps = [
    ["form", t("stepConnect")],
    ["key", t("stepKey")],
    ["found", t("stepPreview")],
  ] as const;
  return (
    <ol className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-xs">
      {steps.map(([id, name], i) => (
        <li
          key={id}
          aria-current={id === at ? "step" : undefined}
          className={id === at ? "font-semibold text-text" : "text-muted"}
        >
          {i + 1}. {name}
        </li>
      ))}
    </ol>
  );
}
