import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "route-churn",
  check: "route-churn",
  base: "bond",
  story: "two managers fight over the default route",
  async inject(lab) {
    await lab.hv(
      "(for i in 1 2 3 4 5 6 7 8 9 10; do ip route del default; sleep 5; ip route add default via 10.20.0.1 dev br0; sleep 5; done) >/dev/null 2>&1 </dev/null & echo $! >/run/lab-churn.pid",
    );
  },
  shows: "kill -0 $(cat /run/lab-churn.pid)",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    alsoAllowed: ["gateway-missing"],
  },
  async heal(lab) {
    await lab.hv("kill $(cat /run/lab-churn.pid) 2>/dev/null; ip route replace default via 10.20.0.1 dev br0");
  },
});
