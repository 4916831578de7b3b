import { basename, dirname, relative, sep } from 'node:path';
import type { Layer } from '../../config/layer.ts';
import type { Place } from '../../config/paths.ts';
import { shown } from '../../config/text.ts';
import type { KeyPath, Source } from '../../config/yaml.ts';
import type {
  Expectation,
  FormField,
  FormFile,
  Placed,
  PromptCommand,
  RequestBody,
  RequestStep,
  ResponseStep,
  RunStep,
  Save,
  Scenario,
  Step,
  StopStep,
} from '../scenario.ts';
import { parseRequestLine } from '../texts.ts';
import type { Written, WrittenRequest, WrittenStep, WrittenUpload } from './schema.ts';
import type { WrittenCommand, WrittenExpectation, WrittenRun, WrittenSave } from './schema-parts.ts';

type At = (path: KeyPath) => Placed;

/** A sound file as the runner takes it: all short forms spelled out, all defaults in place. */
export function completed(path: string, file: Written, layer: Layer, source: Source, place: Place): Scenario {
  const at: At = (where) => source.place(where, 'value');
  const breaks = [...(layer.breaks ?? []), ...(file.break ?? [])];
  return {
    name: file.name ?? basename(path).replace(/(\.scenario)?\.ya?ml$/, ''),
    file: relative(place.directory, path).split(sep).join('/'),
    shown: shown(path, place.cwd),
    directory: dirname(path),
    description: file.description,
    tags: file.tags ?? [],
    skip: reasonToSkip(file.skip),
    only: file.only ?? false,
    timeoutMs: (file.timeout ?? 120) * 1000,
    stepTimeoutMs: (file.step_timeout ?? 10) * 1000,
    layer: {
      ...layer,
      breaks,
      postMortem:
        file.post_mortem === undefined && layer.postMortem !== undefined
          ? layer.postMortem
          : { value: file.post_mortem ?? true, where: shown(path, place.cwd) },
    },
    vars: file.vars ?? {},
    each: file.each,
    before: (file.before ?? []).map((run, index) => runStep(run, at(['before', index]))),
    after: (file.after ?? []).map((run, index) => runStep(run, at(['after', index]))),
    normalize: (file.normalize ?? []).map((rule, index) => ({
      ...rule,
      why: `a rule of the scenario (line ${at(['normalize', index]).line})`,
    })),
    steps: file.steps.map((step, index) => toStep(step, ['steps', index], at)),
  };
}

function reasonToSkip(skip: boolean | string | undefined): string | undefined {
  if (skip === true) return 'skip: true';
  return skip === false ? undefined : skip;
}

function toStep(step: WrittenStep, path: KeyPath, at: At): Step {
  const placed = at(path);
  if (step.request !== undefined) return requestStep(step.request, placed);
  if (step.stop !== undefined) return stopStep(step.stop, placed, at, path);
  if (step.commands !== undefined) {
    return { kind: 'commands', ...placed, commands: toCommands(step.commands, [...path, 'commands'], at) };
  }
  if (step.resume !== undefined) return { kind: 'resume', ...placed, how: step.resume };
  if (step.response !== undefined) return responseStep(step.response, placed);
  return step.run === undefined ? { kind: 'interrupt', ...placed } : runStep(step.run, placed);
}

function requestStep(written: string | WrittenRequest, placed: Placed): RequestStep {
  const request: WrittenRequest = typeof written === 'string' ? fromLine(written) : written;
  const body = toBody(request);
  return {
    kind: 'request',
    ...placed,
    name: request.name,
    method: request.method ?? (body === undefined ? 'GET' : 'POST'),
    path: request.path,
    headers: request.headers ?? {},
    body,
    cookies: request.cookies ?? {},
    keepCookies: request.keep_cookies ?? true,
  };
}

function fromLine(line: string): WrittenRequest {
  const parsed = parseRequestLine(line);
  return 'value' in parsed ? parsed.value : { path: line };
}

function toBody({ json, body, form, files }: WrittenRequest): RequestBody | undefined {
  if (json !== undefined) return { kind: 'json', value: json };
  if (body !== undefined) return { kind: 'text', text: body };
  const fields = Object.entries(form ?? {}).flatMap(([name, values]): readonly FormField[] =>
    list(values).map((value) => ({ name, value })),
  );
  if (files !== undefined) {
    const parts = Object.entries(files).flatMap(([field, uploads]) => list(uploads).map((one) => toFile(field, one)));
    return { kind: 'multipart', fields, files: parts };
  }
  return form === undefined ? undefined : { kind: 'form', fields };
}

function toFile(field: string, written: WrittenUpload): FormFile {
  const upload = typeof written === 'string' ? { path: written } : written;
  return {
    field,
    content:
      upload.path === undefined ? { kind: 'text', text: upload.content ?? '' } : { kind: 'path', path: upload.path },
    filename: upload.filename ?? basename(upload.path ?? field),
    type: upload.type ?? 'application/octet-stream',
  };
}

function stopStep(written: NonNullable<WrittenStep['stop']>, placed: Placed, at: At, path: KeyPath): StopStep {
  const stop = typeof written === 'string' ? { at: written } : written;
  return {
    kind: 'stop',
    ...placed,
    at: stop.at,
    function: stop.function,
    reason: stop.reason,
    exception: optional(stop.exception, false),
    of: stop.of,
    commands: toCommands(stop.commands ?? [], [...path, 'stop', 'commands'], at),
    stay: stop.stay ?? false,
  };
}

function toCommands(commands: readonly WrittenCommand[], path: KeyPath, at: At): readonly PromptCommand[] {
  return commands.map((written, index) => {
    const command = typeof written === 'string' ? { run: written } : written;
    const { run, expect, save } = command;
    return { ...at([...path, index]), run, expect: optional(expect, true), save: toSaves(save, true) };
  });
}

function responseStep(written: NonNullable<WrittenStep['response']>, placed: Placed): ResponseStep {
  const response = typeof written === 'string' ? { status: written } : written;
  const { of, status, complete = true, headers = {}, body, json, save } = response;
  const expected = Object.entries(headers).map(([name, value]) => [name, toExpectation(value, false)] as const);
  return {
    kind: 'response',
    ...placed,
    of,
    status,
    complete,
    headers: Object.fromEntries(expected),
    body: optional(body, false),
    json: json === undefined ? undefined : [{ kind: 'json', value: json, python: false }],
    save: toSaves(save, false),
  };
}

function runStep(written: WrittenRun, placed: Placed): RunStep {
  const run = typeof written === 'string' ? { command: written } : written;
  const { command, expect, code = 0, save } = run;
  return { kind: 'run', ...placed, command, expect: optional(expect, true), code, save: toSaves(save, true) };
}

function optional(written: WrittenExpectation | undefined, python: boolean): Expectation | undefined {
  return written === undefined ? undefined : toExpectation(written, python);
}

/** `python`: output that Python may have printed. A response that holds Python's own notation is no JSON. */
function toExpectation(written: WrittenExpectation, python: boolean): Expectation {
  if (typeof written === 'string') return [{ kind: 'text', text: written }];
  const { exact, contains, match, json, not } = written;
  return [
    ...list(exact).map((text) => ({ kind: 'exact', text }) as const),
    ...list(contains).map((text) => ({ kind: 'contains', text }) as const),
    ...list(match).map((pattern) => ({ kind: 'match', pattern }) as const),
    ...(json === undefined ? [] : [{ kind: 'json', value: json, python } as const]),
    ...list(not).map((inner) => ({ kind: 'not', expectation: toExpectation(inner, python) }) as const),
  ];
}

function toSaves(written: WrittenSave | undefined, python: boolean): readonly Save[] {
  if (written === undefined) return [];
  if (typeof written === 'string') return [{ name: written, from: { kind: 'whole' } }];
  return Object.entries(written).map(([name, { json, match, header }]): Save => {
    if (json !== undefined) return { name, from: { kind: 'json', path: json, python } };
    return {
      name,
      from: match === undefined ? { kind: 'header', header: header ?? '' } : { kind: 'match', pattern: match },
    };
  });
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
