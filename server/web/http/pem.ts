import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Makes a self-signed certificate and its key in a folder, by OpenSSL's own command. For tests. */
export function makePem(folder: string, name: string, names = "DNS:taproot.example.org,IP:127.0.0.1") {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name} -addext subjectAltName=${names}`;
  execFileSync("openssl", [...words.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { cert, key };
}
