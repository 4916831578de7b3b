import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { ensureBase } from '../../src/engine/base.ts';
import { connect } from '../../src/engine/docker.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import type { Output } from '../../src/log.ts';
import { docker } from './docker.ts';

const engine = connect(resolveEndpoint({}, process.env));
/** Says nothing. */
export const quiet: Output = {
  verbosity: 'quiet',
  interactive: false,
  colorsShow: false,
  colors: Object.create(null),
  resultColors: Object.create(null),
  result() {},
  info() {},
  warn() {},
  debug() {},
};

/** The engine keeps the images that tests are built on: they are the next run's cache. */
export function testImage(name: string): string {
  return `wsgi-dev/test-base:${name}`;
}

/** The base image of a Debian suite, made where there is none. */
export async function ensureSuite(suite: string): Promise<string> {
  const directories = { imagesDirectory: join(import.meta.dirname, '../../images'), cacheDirectory: tmpdir() };
  return (await ensureBase(engine, { suite, pull: 'missing', ...directories }, quiet)).ref;
}

/** Builds test/images/NAME.Dockerfile on the base image of a Debian suite, which is made where there is none. */
export async function buildTestImage(name: string, suite: string): Promise<void> {
  const base = await ensureSuite(suite);
  const context = join(import.meta.dirname, '../images');
  const options = { t: testImage(name), dockerfile: `${name}.Dockerfile`, buildargs: { BASE: base } };
  await build({ context, src: readdirSync(context) }, options);
}

/** Builds with BuildKit: the classic builder fails where another test removes an image that is made of the same one. */
export async function build(
  context: Docker.ImageBuildContext | NodeJS.ReadableStream,
  options: Docker.ImageBuildOptions,
): Promise<void> {
  // Of a string, dockerode would open a session.
  const builder: object = { version: 2 };
  await done(await docker.buildImage(context, { ...options, ...builder }));
}

/** Reads an answer of the engine to its end; its error is thrown. */
export function done(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error, lines: readonly { readonly error?: string }[] = []) => {
      const fault = error?.message ?? lines.find((line) => line.error !== undefined)?.error;
      if (fault === undefined) resolve();
      else reject(new Error(fault));
    });
  });
}
