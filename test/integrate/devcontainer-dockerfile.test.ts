import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { devcontainerDockerfile, isOurs } from '../../src/integrate/devcontainer/dockerfile.ts';

const template = readFileSync(join(import.meta.dirname, '../../images/devcontainer/Dockerfile'), 'utf8');
const packages = { pip: [], groups: [], extras: [], apt: ['libxml2', 'libpq5'] };
const args = (base: Config['base'], apt = packages.apt): readonly string[] =>
  devcontainerDockerfile(template, { base, packages: { ...packages, apt } }).match(/^ARG .*/gm) ?? [];

test('of a suite: the official image, its own Python, and the Debian packages in their order', () => {
  expect(args({ kind: 'suite', python: '3.14', modWsgi: { kind: 'distro' } })).toEqual([
    'ARG BASE=debian:forky-slim',
    'ARG APT_PACKAGES="libpq5 libxml2"',
    'ARG TOOLS="git less openssh-client procps"',
    'ARG CHECK_VALID_UNTIL=false',
    'ARG REMOTE_USER=dev',
    'ARG PYTHON=system',
    'ARG MOD_WSGI=""',
  ]);
  expect(args({ kind: 'suite', python: '3.11', modWsgi: { kind: 'pypi', version: '5.0.2' } }, [])).toEqual(
    expect.arrayContaining(['ARG MOD_WSGI=5.0.2', 'ARG APT_PACKAGES=""', 'ARG CHECK_VALID_UNTIL=true']),
  );
});

test('of an image: whatever Python it brings', () => {
  const image = { value: 'registry:5000/team/python:3.12@sha256:ab', where: '--image' };
  const all = args({ kind: 'image', image, python: undefined, modWsgi: undefined });
  expect(all).toEqual(expect.arrayContaining([`ARG BASE=${image.value}`, 'ARG PYTHON=auto', 'ARG MOD_WSGI=""']));
});

test('it is told from a person’s own', () => {
  expect(isOurs(template)).toBe(true);
  expect([isOurs('FROM debian\n'), isOurs(undefined)]).toEqual([false, false]);
});
