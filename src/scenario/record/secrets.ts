import { IN_URLS, MASKED } from '../../passwords.ts';
import { cookiesOfResponse } from './jar.ts';
import type { RecordedResponse } from './log.ts';
import { isSecretName, secretsOfHeader } from './mask.ts';

/** A name with a value in quotes behind it: `password = "…"`, `"token": "…"`, `config["KEY"] = "…"`. */
const NAMED = /(\w+)(["']?\]?\s*[=:]\s*)(["'])([^"']{2,})\3/g;
/** A parameter in the query or the fragment of a URL. */
const PARAMETER = /([?&#])([^=?&#]+)=([^&#]+)/g;

/** The values of variables that are secrets by their names, and the passwords of URLs in the others. */
export function secretsOfVariables(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => (isSecretName(name) ? [value] : passwordsIn(value)));
}

/** What was typed or printed may name a secret: what else shows its value is to be masked as well. */
export function secretsOfText(text: string): readonly string[] {
  const named = [...text.matchAll(NAMED)].filter(([, name = '']) => isSecretName(name));
  return [...named.map(([, , , , value = '']) => value), ...passwordsIn(text)];
}

/** A line with MASKED for what it assigns to names of secrets. */
export function maskedAssignments(line: string): string {
  return line.replace(NAMED, (all, name: string, between: string, quote: string) =>
    isSecretName(name) ? `${name}${between}${quote}${MASKED}${quote}` : all,
  );
}

/** The values in a response that are secrets by their names: cookies, headers, and parameters of where it leads to. */
export function secretsOfResponse(response: RecordedResponse): readonly string[] {
  const others = response.headers.filter(([name]) => name.toLowerCase() !== 'set-cookie');
  return [
    ...cookiesOfResponse(response),
    ...others.flatMap(([name, value]) => {
      if (name.toLowerCase() === 'location') return secretsOfLocation(value);
      return isSecretName(name) ? secretsOfHeader(value) : [];
    }),
  ];
}

function secretsOfLocation(location: string): readonly string[] {
  return [...location.matchAll(PARAMETER)]
    .filter(([, , name = '']) => isSecretName(name))
    .flatMap(([, , , value = '']) => [value, decoded(value)]);
}

/** A URL with MASKED for each parameter that is a secret by its name, be it as short as it may. */
export function maskedLocation(location: string): string {
  return location.replace(PARAMETER, (all, before: string, name: string) =>
    isSecretName(name) ? `${before}${name}=${MASKED}` : all,
  );
}

function passwordsIn(text: string): readonly string[] {
  return [...text.matchAll(IN_URLS)].flatMap(([password]) => [password, decoded(password)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
