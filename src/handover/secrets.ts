/** Names of files that usually hold secrets, in any case of letters. Modules (credentials.py) are code: they stay. */
const NAMES: readonly RegExp[] = [
  /^\.env/,
  /\.env$/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)/,
  /^[._]netrc$/,
  /^\.(pypirc|npmrc|pgpass|my\.cnf|htpasswd|git-credentials|dockercfg|boto)$/,
  /^(credentials|secrets?)(\.(json|ya?ml|toml|ini|cfg|conf|txt))?$/,
  /^(service[-_]account|client[-_]secret).*\.json$/,
];
const DIRECTORIES: readonly string[] = ['.ssh', '.aws', '.gnupg', '.kube', '.docker', '.azure', '.gcloud'];

/** Whether a file is left out of what is handed over, by its POSIX path alone. */
export function isSecretName(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  const name = parts.pop() ?? '';
  return parts.some((part) => DIRECTORIES.includes(part)) || NAMES.some((pattern) => pattern.test(name));
}
