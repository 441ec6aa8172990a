/** What channels that run something ask of the control channel. */
export interface Ender {
  /** Ends PID and all below it on the host, if its parent is PARENT. */
  end(pid: number, parent: number): void;
  /** Ends a work shell and all of its session. */
  endSession(pid: number): void;
  /** A shell that has to go when the connection goes. */
  adopt(pid: number): void;
  /** It is gone: its number may be another's. */
  disown(pid: number): void;
}
