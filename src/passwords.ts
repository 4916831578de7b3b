/** What stands in the place of a secret. */
export const MASKED = 'MASKED';

/** The password of a URL, or the one word before its @ where that is a token: `https://TOKEN@host`. */
export const IN_URLS =
  /(?<=\b[a-z][a-z\d+.-]*:\/\/[^\s/:@'"]*:)[^\s/'"]+(?=@)|(?<=\bhttps?:\/\/)[^\s/:@'"]{16,}(?=@)/gi;

/** `text` without the passwords of the URLs in it: "http://ada:MASKED@proxy:3128". */
export function withoutPasswords(text: string): string {
  return text.includes('@') ? text.replace(IN_URLS, MASKED) : text;
}

/** Whether a URL in `text` has a password. */
export function hasPassword(text: string): boolean {
  return withoutPasswords(text) !== text;
}

/** The address of a proxy without its password, also where it has no scheme: "ada:MASKED@proxy:3128". */
export function proxyWithoutPassword(address: string): string {
  return withoutPasswords(address).replace(/^([^\s/:@]*):[^\s/]+(?=@)/, `$1:${MASKED}`);
}
