/** Prints the link for the first admin, once the page that it leads to is there. The token is the collector's, the address the web process's. */
export class Greeting {
  private url: string | undefined;
  private setup: string | undefined;

  constructor(private readonly print: (line: string) => void) {}

  /** Takes what a child said on its channel. */
  take(child: string, message: object): void {
    if (child === "web" && "url" in message && typeof message.url === "string") this.url = message.url;
    if (child === "collector" && "ready" in message)
      this.setup = "setup" in message && typeof message.setup === "string" ? message.setup : undefined;
    if (this.url === undefined || this.setup === undefined) return;
    this.print("There is no account yet. Make the first admin here (once, within 24 hours):");
    this.print(`  ${this.url}/setup?token=${this.setup}`);
    this.setup = undefined;
  }
}
