import { hostOf } from "../host-of";
import { defineSource } from "./define";

export const source = defineSource<"host">({
  state({ fleet }, key) {
    const snapshot = hostOf(fleet, key).engine.snapshot();
    return { snapshot, mark: { epoch: snapshot.epoch, seq: snapshot.seq } };
  },
  on: { delta: (delta) => ({ key: delta.host, delta, mark: { epoch: delta.epoch, seq: delta.seq } }) },
});
