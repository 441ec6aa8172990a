// Vitest reporter: writes down the tests that held only when run again. A retry keeps one stumble from stopping everybody; it must not hide it.
import { mkdirSync, writeFileSync } from "node:fs";

export default class FlakyReporter {
  #names = [];
  #project = "";

  onTestCaseResult(test) {
    this.#project = test.project.name;
    if (!test.diagnostic()?.flaky) return;
    const why = test.result().errors?.[0]?.message ?? "no message";
    this.#names.push({ name: `${test.module.relativeModuleId} > ${test.fullName}`, message: why });
  }

  onTestRunEnd() {
    if (!this.#project) return;
    mkdirSync("test-results-json", { recursive: true });
    writeFileSync(`test-results-json/${this.#project}.flaky.json`, JSON.stringify(this.#names));
  }
}
