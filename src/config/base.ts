import type { Base } from './config.ts';
import type { Layer } from './layer.ts';
import { modWsgiFor, modWsgiProblem } from './mod-wsgi.ts';
import { defaultPython, listed, type Parsed, suitePythons } from './parsers.ts';
import type { Problem } from './problems.ts';
import type { Sourced } from './sourced.ts';

/** An image reference as docker spells it: "python:3.12-slim", "registry.example:5000/team/shop@sha256:…". */
export function parseImage(text: string): Parsed<string> {
  const registry = /(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?\/)?/;
  const part = /[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*/;
  const version = /(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?/;
  const whole = new RegExp(`^${registry.source}${part.source}(?:/${part.source})*${version.source}$`);
  return text.length <= 400 && whole.test(text)
    ? { value: text }
    : { fault: `"${text}" is not the name of an image, such as python:3.12-slim or registry.example:5000/team/shop:2` };
}

/** What the image of a project is built on: the image that was named, the suite with the Python, or the official image. */
export function baseOf(layer: Layer): Base {
  const { image, python, modWsgi } = layer;
  if (image !== undefined) return { kind: 'image', image, python, modWsgi };
  const wanted = pythonOf(layer);
  if (hasSuite(wanted.value)) {
    return { kind: 'suite', python: wanted.value, modWsgi: modWsgiFor(modWsgi?.value, wanted.value) };
  }
  return { kind: 'image', image: { value: officialImage(wanted.value), where: wanted.where }, python, modWsgi };
}

/** A mod_wsgi that can't work with the Python; of an image that was named nothing is known yet (plan/stack.ts). */
export function baseProblems(layer: Layer): readonly Problem[] {
  if (layer.image !== undefined || layer.modWsgi === undefined) return [];
  const python = pythonOf(layer);
  if (layer.modWsgi.value.kind === 'distro' && !hasSuite(python.value)) {
    const message = `Debian has mod_wsgi for Python ${listed(suitePythons)}, not for ${python.value} (${python.where})`;
    return [{ where: layer.modWsgi.where, message: `${message}; write pypi, or leave it out` }];
  }
  return modWsgiProblem(layer.modWsgi, python);
}

/** The image that the Docker Official Images have for a Python: on Debian, with CPython in /usr/local. */
function officialImage(python: string): string {
  return `python:${python}-slim`;
}

function pythonOf({ python }: Layer): Sourced<string> {
  return python ?? { value: defaultPython, where: 'the default' };
}

function hasSuite(python: string): boolean {
  return suitePythons.some((one) => one === python);
}
