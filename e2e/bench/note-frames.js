/**
 * Runs in a page before its own script. A message with a delta begins a measurement; it ends behind the first frame in which the canvas was drawn: script,
 * style, layout and paint of that frame are done then. Times go to `window.painted`, ms.
 */
(() => {
  let drawnAt = 0;
  window.painted = [];
  const begin = (at) => {
    const frame = () =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          if (drawnAt > at) window.painted.push(performance.now() - at);
          else frame();
        };
        port2.postMessage(null);
      });
    frame();
  };
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    drawnAt = performance.now();
    clear.apply(this, box);
  };
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        // By the event's name: "change" since there are topics, "delta" before.
        if (typeof data === "string" && /^42\["(change|delta)"/.test(data)) begin(performance.now());
      });
    }
  };
})();
