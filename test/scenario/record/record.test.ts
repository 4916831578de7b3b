import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compare } from '../../../src/scenario/compare/expect.ts';
import { parseScenario } from '../../../src/scenario/file/parse.ts';
import {
  createLog,
  type Happening,
  type RecordedRequest,
  type RecordedResponse,
} from '../../../src/scenario/record/log.ts';
import { loosen } from '../../../src/scenario/record/loosen.ts';
import { createMask, isSecretName } from '../../../src/scenario/record/mask.ts';
import { type Circumstances, scenarioText } from '../../../src/scenario/record/write.ts';
import type { Expectation, Scenario } from '../../../src/scenario/scenario.ts';
import { placeOf, scenarioOf } from '../file/parsed.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const nothing: Circumstances = { config: {}, variables: {}, breaks: [], postMortem: true, masks: [], now: NOW };

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

function request(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): RecordedRequest {
  return { method, target, headers, length: body.length, body: base64(body) };
}

function arrived(record: RecordedRequest, t = 1): Happening {
  return { kind: 'request', t, method: record.method, path: record.target, record };
}

function stopped(more: Partial<Extract<Happening, { kind: 'stop' }>> = {}): Happening {
  return {
    kind: 'stop',
    t: 2,
    file: 'shop/views.py',
    line: 4,
    function: 'cart',
    reason: 'breakpoint',
    exception: undefined,
    from: 'session',
    ...more,
  };
}

/** A line, what it printed, and the next prompt. */
function typed(line: string, output = ''): readonly Happening[] {
  return [prompt, { kind: 'command', t: 3, line }, { kind: 'output', text: `${output}(Pdb) ` }];
}

/** A line that lets the program go on. */
function goesOn(line: string): readonly Happening[] {
  return [prompt, { kind: 'command', t: 3, line }, { kind: 'resume', t: 3 }];
}

const prompt: Happening = { kind: 'prompt', t: 3, text: '(Pdb) ' };

function answered(status: number, headers: RecordedResponse['headers'] = [], complete = true): Happening {
  return { kind: 'response', t: 4, status, record: { status, headers, complete } };
}

/** Without the comment at the head. */
async function written(happenings: readonly Happening[], more: Partial<Circumstances> = {}): Promise<string> {
  const text = (await scenarioText(happenings, { ...nothing, ...more })) ?? '';
  scenarioOf(text);
  return text.replace(/^#.*\n/gm, '');
}

async function scenario(happenings: readonly Happening[], more: Partial<Circumstances> = {}): Promise<Scenario> {
  return scenarioOf((await scenarioText(happenings, { ...nothing, ...more })) ?? '');
}

test('a session becomes the file that a person would write', async () => {
  const text = await written(
    [
      arrived(request('GET', '/cart?item=3')),
      stopped(),
      ...typed('p total', '30\n'),
      ...typed('x = 1'),
      ...goesOn('n'),
      stopped({ line: 5, reason: 'step' }),
      { kind: 'output', text: '> /app/shop/views.py(5)cart()\n-> return total\n(Pdb) ' },
      ...typed('pp items', "[{'id': 3},\n {'id': 4}]\n"),
      ...goesOn('c'),
      answered(200),
      arrived(request('POST', '/order', { 'Content-Type': 'application/json' }, '{"count": 2, "name": "1"}')),
      stopped({ reason: 'exception', exception: 'KeyError: 3' }),
      ...goesOn('q'),
      answered(500),
    ],
    { breaks: ['shop/views.py:4'], config: { python: '3.11' } },
  );
  expect(text).toBe(`\
config:
  python: "3.11"
break:
  - shop/views.py:4
steps:
  - request: GET /cart?item=3
  - stop:
      at: shop/views.py:4
      reason: breakpoint
      commands:
        - run: p total
          expect: "30"
        - x = 1
        - run: n
          expect: |-
            > /app/shop/views.py(5)cart()
            -> return total
        - run: pp items
          expect: |-
            [{'id': 3},
             {'id': 4}]
        - c
  - response: 200
  - request:
      path: /order
      json:
        count: 2
        name: "1"
  - stop:
      at: shop/views.py:4
      reason: exception
      exception: "KeyError: 3"
      commands:
        - q
  - response: 500
`);
});

describe('requests', () => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  test.each<[string, RecordedRequest, object]>([
    [
      'a form',
      request('POST', '/', form, 'a=1&b=x+y&a=%C3%A9'),
      {
        body: {
          kind: 'form',
          fields: [
            { name: 'a', value: '1' },
            { name: 'a', value: 'é' },
            { name: 'b', value: 'x y' },
          ],
        },
      },
    ],
    [
      'a text',
      request('PUT', '/', { 'Content-Type': 'text/csv' }, 'a,b\n'),
      { method: 'PUT', headers: { 'Content-Type': 'text/csv' }, body: { kind: 'text', text: 'a,b\n' } },
    ],
    [
      'JSON that is none',
      request('POST', '/', { 'Content-Type': 'application/json' }, '{'),
      { headers: { 'Content-Type': 'application/json' }, body: { kind: 'text', text: '{' } },
    ],
    [
      'a number that JSON.parse would change',
      request('POST', '/', { 'Content-Type': 'application/json' }, '[12345678901234567890]'),
      { body: { kind: 'text', text: '[12345678901234567890]' } },
    ],
    ['a GET with a body', request('GET', '/', {}, 'x'), { method: 'GET', body: { kind: 'text', text: 'x' } }],
    ['bytes', request('POST', '/', {}, '\xff\xfe'), { method: 'POST', body: undefined }],
    [
      'telling headers',
      request('GET', '/', { Accept: 'text/csv', Host: 'x', 'User-Agent': 'y', 'X-Tenant': 'a' }),
      { headers: { Accept: 'text/csv', 'X-Tenant': 'a' } },
    ],
    ['an absolute target', request('GET', 'http://a.example:80/x?y'), { path: '/x?y' }],
    ['a target in Latin-1', request('GET', '/\xe9 #'), { path: '/%E9%20%23' }],
    [
      'what looks like a variable',
      request('POST', '/', {}, `\${x} $$ $a`),
      { body: { kind: 'text', text: `$\${x} $$$ $a` } },
    ],
  ])('%s', async (_, record, expected) => {
    expect((await scenario([arrived(record)])).steps).toMatchObject([{ kind: 'request', ...expected }]);
  });

  it('keeps the files of a form, and names those that are no text', async () => {
    const parts = [
      'Content-Disposition: form-data; name="title"\r\n\r\nx',
      'Content-Disposition: form-data; name="up"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n1,2\n',
      'Content-Disposition: form-data; name="up"; filename="b.png"\r\nContent-Type: image/png\r\n\r\n\xff',
    ];
    const body = `--b\r\n${parts.join('\r\n--b\r\n')}\r\n--b--\r\n`;
    const happenings = [arrived(request('POST', '/', { 'Content-Type': 'multipart/form-data; boundary=b' }, body))];
    expect((await scenario(happenings)).steps).toMatchObject([
      {
        method: 'POST',
        headers: {},
        body: {
          kind: 'multipart',
          fields: [{ name: 'title', value: 'x' }],
          files: [
            { field: 'up', filename: 'a.csv', type: 'text/csv', content: { text: '1,2\n' } },
            { field: 'up', filename: 'b.png', type: 'image/png', content: { text: '' } },
          ],
        },
      },
    ]);
    expect(await scenarioText(happenings, nothing)).toContain('# The file "b.png" is no text');
  });

  it('says what it could not keep', async () => {
    const long = { ...request('POST', '/'), length: 2_000_000, body: null };
    const lost: Happening = { kind: 'request', t: 1, method: 'GET', path: '/lost', record: undefined };
    const text = await scenarioText([arrived(long), arrived(request('M-SEARCH', '/')), lost], nothing);
    expect(text).toContain('# Its body of 2000000 bytes was not recorded');
    expect(text).toContain('# A request (M-SEARCH /) is left out');
    expect(text).toContain('# Its record could not be read');
  });

  it('leaves cookies to the scenario that responses have set, and masks others', async () => {
    const cookie = (header: string): RecordedRequest => request('GET', '/', { Cookie: header });
    const { steps } = await scenario([
      arrived(cookie('old=abcd')),
      answered(200, [['Set-Cookie', 'sid=s3cr3t; Path=/']]),
      arrived(cookie('sid=s3cr3t')),
      answered(200),
      arrived(request('GET', '/')),
      answered(200, [['Set-Cookie', 'sid=; Max-Age=0']]),
      arrived(request('GET', '/')),
    ]);
    expect(steps.filter(({ kind }) => kind === 'request')).toMatchObject([
      { cookies: { old: 'MASKED' }, keepCookies: true },
      { cookies: {}, keepCookies: true },
      { cookies: {}, keepCookies: false },
      { cookies: {}, keepCookies: true },
    ]);
  });
});

describe('secrets', () => {
  const basic = Buffer.from('ada:hunter2!').toString('base64');
  const kinds: readonly [string, RecordedRequest][] = [
    [
      'a form',
      request('POST', '/', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'user=ada&password=hunter2%21'),
    ],
    ['JSON', request('POST', '/', { 'Content-Type': 'application/json' }, '{"a": {"apiKey": "hunter2!"}}')],
    ['broken JSON', request('POST', '/', { 'Content-Type': 'application/json' }, '{"password": "hunter2!",')],
    ['a query', request('GET', '/?token=hunter2%21')],
    ['Authorization: Basic', request('GET', '/', { Authorization: `Basic ${basic}` })],
    ['Authorization: Bearer', request('GET', '/', { Authorization: 'Bearer hunter2!' })],
    ['a header', request('GET', '/', { 'X-Api-Key': 'hunter2!' })],
    ['a cookie', request('GET', '/', { Cookie: 'sessionid="hunter2!"' })],
  ];
  test.each(kinds)('of %s are nowhere in the file', async (_, record) => {
    const text = await scenarioText(
      [
        arrived(record),
        stopped({ reason: 'exception', exception: "ValueError: 'hunter2!'" }),
        ...typed("p password == 'hunter2!'", "('hunter2!', 'hunter2%21', '0')\n"),
        ...goesOn('c'),
        answered(302, [
          ['Location', '/?back=hunter2%21'],
          ['Set-Cookie', 'sid=s3cr3t'],
        ]),
      ],
      nothing,
    );
    expect(text).not.toMatch(/hunter2|s3cr3t/);
    expect(text).not.toContain(basic);
    expect(text).toContain('# Masked: ');
    scenarioOf(text ?? '');
  });

  const dsn = 'postgres://ada:hunter2%21@db/shop';
  test.each<[string, readonly Happening[], Partial<Circumstances>]>([
    ['a variable', [], { variables: { DB_PASSWORD: 'hunter2!' } }],
    ["a URL in a variable's value", [], { variables: { DATABASE_URL: dsn } }],
    ['a URL that was printed', typed('p url', `'${dsn}'\n`), {}],
    ['a line that was typed', typed('password = "hunter2!"'), {}],
    ['what a line printed', typed('p form', "{'user': 'ada', 'password': 'hunter2!'}\n"), {}],
    ['where a response leads', [answered(302, [['Location', '/next?a=1&session=hunter2%21']])], {}],
    ['its fragment', [answered(302, [['Location', '/next#access_token=hunter2%21']])], {}],
    ['a header of a response', [answered(200, [['X-Auth-Token', 'hunter2!']])], {}],
  ])('of %s are nowhere in the file', async (_, more, circumstances) => {
    const text = await scenarioText(
      [arrived(request('GET', '/')), stopped(), ...typed('p x', "('hunter2!', 1)\n"), prompt, ...more],
      { ...nothing, ...circumstances },
    );
    expect(text).not.toContain('hunter2');
    expect(text).toContain(String.raw`match: ^\('[^\n]*', 1\)$`);
    scenarioOf(text ?? '');
  });

  it('masks a short one in its own place, and compares the rest', async () => {
    const { steps } = await scenario([
      arrived(request('GET', '/')),
      answered(302, [['Location', '/next?sid=a1&page=2']]),
    ]);
    const pattern = String.raw`^\/next\?sid=[^\n]*&page=2$`;
    expect(steps[1]).toMatchObject({ headers: { Location: [{ kind: 'match', pattern }] } });
  });

  it('has no place that is masked: nothing stops there', async () => {
    const { steps } = await scenario([arrived(request('GET', '/')), stopped(), ...goesOn('c')], {
      variables: { AUTH_APP: 'shop' },
    });
    expect(steps[1]).toMatchObject({ at: undefined, function: 'cart' });
  });

  it('masks the password of a URL, whatever names it', () => {
    const mask = createMask([], []);
    expect(mask.text("'http://ada:hunter2@proxy:3128/'")).toBe("'http://ada:MASKED@proxy:3128/'");
    expect(mask.text('http://127.0.0.1:8000/ada@example.com')).toBe('http://127.0.0.1:8000/ada@example.com');
  });

  it('masks what a person names, wherever it stands', async () => {
    const text = await scenarioText(
      [
        arrived(request('GET', '/ada/x', { 'X-User': 'ada' })),
        stopped(),
        ...typed('p "ada"', "'ada'\n"),
        ...goesOn('c'),
      ],
      { ...nothing, masks: [/\bada\b/] },
    );
    expect(text).not.toContain('ada');
  });

  it('compares an output with a secret in it by the rest, masked or not', () => {
    const { expect: expected } = loosen("('hunter2', 1)", createMask(['hunter2'], []), NOW);
    for (const other of ["('MASKED', 1)", "('hunter2', 1)"]) expect(passes(expected, other)).toBe(true);
    expect(passes(expected, "('hunter2', 2)")).toBe(false);
  });

  test.each([
    'password',
    'newPassword',
    'API_KEY',
    'x-api-key',
    'csrfmiddlewaretoken',
    'Authorization',
    'sessionid',
    'pg_pass',
  ])('%s is the name of one', (name) => expect(isSecretName(name)).toBe(true));
  test.each(['name', 'keyboard', 'passenger', 'author', 'Accept', 'compass'])('%s is not', (name) =>
    expect(isSecretName(name)).toBe(false),
  );
});

function passes(expected: ReturnType<typeof loosen>['expect'], actual: string): boolean {
  const [[kind, text] = ['text', '']] =
    typeof expected === 'string' ? [['text', expected] as const] : Object.entries(expected);
  const condition = { kind, [kind === 'match' ? 'pattern' : 'text']: text };
  return compare([condition] as unknown as Expectation, actual).passed;
}

describe('loosened', () => {
  const plain = createMask([], []);
  test.each([
    ['<Cart object at 0x7f0011223344>', '<Cart object at 0x7fffeeddccbb>', '<Card object at 0x7f0011223344>'],
    ["UUID('3b241101-e2bb-4255-8caf-4136c566a962')", "UUID('00000000-e2bb-4255-8caf-4136c566a962')", "UUID('x')"],
    [
      'datetime.datetime(2026, 11, 23, 3, 4, 5, 6)',
      'datetime.datetime(2027, 1, 2, 3, 4)',
      'datetime.date(2026, 11, 23)',
    ],
    ["'2026-11-23T03:04:05.123+00:00'", "'2027-01-02T03:04:05.9+00:00'", "'2026'"],
    ["'2026-11-23'", "'2026-11-24'", "'tomorrow'"],
    ['1795348800.25', '1795348999.5', '3'],
    ['took 0.25 s', 'took 12.5 s', 'took long'],
    ["'http://127.0.0.1:8012/x'", "'http://localhost:8000/x'", "'http://localhost:8000/y'"],
    ["'/tmp/tmpab12cd34'", "'/tmp/tmpzz99zz99'", "'/var/tmpzz'"],
  ])('%s', (text, same, other) => {
    const { expect: expected, why } = loosen(text, plain, NOW);
    expect(why).toHaveLength(1);
    expect([text, same, other].map((actual) => passes(expected, actual))).toEqual([true, true, false]);
  });
  test.each(["'1815-12-10'", 'datetime.date(1815, 12, 10)', '42', '1.10', "'a.b*c'", 'port 8000'])(
    '%s is not',
    (text) => expect(loosen(text, plain, NOW)).toEqual({ expect: text, why: [] }),
  );
  it('compares numbers of a line that asks for chance as numbers', () => {
    const { expect: expected } = loosen('4711', plain, NOW, 'p os.getpid()');
    expect(['12', 'x'].map((actual) => passes(expected, actual))).toEqual([true, false]);
  });
  it('compares the beginning of what is long', () => {
    const long = Array.from({ length: 50 }, (_, at) => `line ${at}`).join('\n');
    expect(loosen(long, plain, NOW).expect).toEqual({ contains: 'line 0\nline 1\nline 2\nline 3\nline 4' });
  });
});

describe('a session', () => {
  it('that stopped by Ctrl-C stops by it again, and compares nothing there', async () => {
    const { steps } = await scenario([
      arrived(request('GET', '/slow'), 1),
      stopped({ t: 2.5, reason: 'interrupt' }),
      ...typed('p i', '4711\n'),
      ...goesOn('c'),
      answered(200),
    ]);
    expect(steps).toMatchObject([
      { kind: 'request' },
      { kind: 'run', command: 'sleep 1.5' },
      { kind: 'interrupt' },
      { kind: 'stop', at: undefined, reason: 'interrupt', commands: [{ run: 'p i', expect: undefined }, { run: 'c' }] },
      { kind: 'response' },
    ]);
  });

  it('that found a request at its prompt leaves that out', async () => {
    const happenings = [
      ...typed('p 1', '1\n'),
      ...goesOn('n'),
      stopped({ line: 5, reason: 'step', from: 'before' as const }),
      ...goesOn('n'),
      stopped({ line: 6, reason: 'step', from: 'before' as const }),
      ...typed('p 2', '2\n'),
      ...goesOn('c'),
      answered(200),
    ];
    expect(await scenarioText(happenings, nothing)).toBeUndefined();
    const all = [...happenings, arrived(request('GET', '/')), stopped(), ...goesOn('c'), answered(204)];
    const { steps } = await scenario(all);
    expect(steps).toMatchObject([{ kind: 'request' }, { kind: 'stop', commands: [{ run: 'c' }] }, { status: '204' }]);
    expect((await scenarioText(all, nothing))?.match(/# Stops of a request that came before/g)).toHaveLength(1);
  });

  it('that ended at a prompt quits there', async () => {
    const { steps } = await scenario([arrived(request('GET', '/')), stopped(), ...typed('p 1', '1\n'), prompt]);
    expect(steps.at(-1)).toMatchObject({ commands: [{ run: 'p 1' }, { run: 'q' }] });
  });

  it('leaves out what Ctrl-C ended and what was typed into interact', async () => {
    const text = await scenarioText(
      [
        arrived(request('GET', '/')),
        stopped(),
        ...typed('slow()', '--KeyboardInterrupt--\n'),
        prompt,
        { kind: 'command', t: 3, line: 'interact' },
        { kind: 'prompt', t: 3, text: '>>> ' },
        { kind: 'command', t: 3, line: 'x' },
        { kind: 'prompt', t: 3, text: '>>> ' },
        { kind: 'command', t: 3, line: 'EOF' },
        ...typed('p 1', '1\n'),
        ...goesOn('EOF'),
        answered(500),
      ],
      nothing,
    );
    const [, stop] = scenarioOf(text ?? '').steps;
    expect(stop).toMatchObject({ commands: [{ run: 'p 1' }, { run: 'q' }] });
    expect(text).toContain('# `slow()` is left out');
    expect(text).toContain('# `interact` and what was typed there is left out');
  });

  it('with several stops has a step for each', async () => {
    const { steps } = await scenario([
      stopped({ function: '<module>' }),
      ...goesOn('c'),
      arrived(request('GET', '/')),
      stopped(),
      ...goesOn('c'),
      stopped({ line: 9 }),
      ...goesOn('n'),
      stopped({ reason: 'exception', exception: 'OSError: no\n  [0] x' }),
      ...goesOn('c'),
      answered(200, [], false),
    ]);
    expect(steps).toMatchObject([
      { kind: 'stop' },
      { kind: 'request' },
      { kind: 'stop', at: 'shop/views.py:4' },
      { kind: 'stop', at: 'shop/views.py:9', commands: [{ run: 'n', expect: undefined }] },
      { kind: 'stop', reason: 'exception' },
      { kind: 'response', status: '200', complete: false },
    ]);
  });

  it('that was slow has the time for it', async () => {
    const { stepTimeoutMs } = await scenario([
      arrived(request('GET', '/'), 1),
      { kind: 'response', t: 21, status: 200, record: undefined },
    ]);
    expect(stepTimeoutMs).toBe(60_000);
  });

  it('in which nothing happened leaves no file', async () => {
    expect(await scenarioText([], nothing)).toBeUndefined();
  });

  it('whose exceptions went their way says so', async () => {
    expect(await written([arrived(request('GET', '/'))], { postMortem: false })).toContain('post_mortem: false');
  });
});

describe('the log', () => {
  const event = (name: string, more: object = {}): never =>
    ({ event: name, src: 'app', seq: 1, t: 1, ...more }) as never;
  it('keeps what was printed for a command, and nothing else', () => {
    const record = request('GET', '/x');
    const log = createLog({ record: () => record, exception: () => 'E: 1' });
    log.event(event('request', { id: 3, method: 'GET', path: '/x', record: 'recorded/a-1.json' }));
    log.data(Buffer.from('noise\r\n'));
    log.event(event('stop', { file: 'a.py', line: 1, function: 'f', reason: 'exception', request: 3 }));
    log.data(Buffer.from('[1] GET /x\r\n(Pdb) '));
    log.event(event('prompt', { text: '(Pdb) ' }));
    log.data(Buffer.from('p x\r\n'));
    log.event(event('command', { text: 'p ', more: true }));
    log.event(event('command', { text: 'x', more: false }));
    log.data(Buffer.from("\x1b[1m'one'\x1b[0m\r\n(Pdb) "));
    log.event(event('prompt', { text: '(Pdb) ' }));
    log.data(Buffer.from('typing'));
    expect(log.happenings).toEqual([
      { kind: 'request', t: 1, method: 'GET', path: '/x', record },
      {
        ...{ kind: 'stop', t: 1, file: 'a.py', line: 1, function: 'f', reason: 'exception', exception: 'E: 1' },
        from: 'session',
      },
      { kind: 'prompt', t: 1, text: '(Pdb) ' },
      { kind: 'command', t: 1, line: 'p x' },
      { kind: 'output', text: "'one'\n(Pdb) " },
      { kind: 'prompt', t: 1, text: '(Pdb) ' },
    ]);
  });

  it.each([
    [3, 'session'],
    [2, 'before'],
    [null, 'session'],
  ])('tells of a stop of request %j that it is from %s', (id, from) => {
    const log = createLog({ record: () => undefined, exception: () => undefined });
    log.event(event('request', { id: 3, method: 'GET', path: '/x' }));
    log.event(event('stop', { file: 'a.py', line: 1, function: 'f', reason: 'breakpoint', request: id }));
    expect(log.happenings[1]).toMatchObject({ kind: 'stop', from });
  });
});

describe('any log', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '',
      '$',
      `\${x}`,
      '$$',
      '- a: b',
      'null',
      '1.10',
      '~',
      '<<',
      '__proto__',
      'a\n b\n',
      ' \n',
      '#',
      '%',
      '…/a.py',
      "it's",
      '"',
      '0x7f0011223344',
      '\ud800',
    ),
  );
  const header = fc.oneof(text, fc.constantFrom('Content-Type', 'Cookie', 'Accept', 'Authorization', 'X-Api-Key'));
  const kind = fc.oneof(
    text,
    fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
      'text/plain',
    ),
  );
  const body = fc.oneof(
    text,
    fc.json({ maxDepth: 3 }),
    fc
      .tuple(text, text)
      .map(([name, value]) =>
        new URLSearchParams([[name.replace(/[\ud800-\udfff]/g, ''), value.replace(/[\ud800-\udfff]/g, '')]]).toString(),
      ),
    fc
      .tuple(text, text, text)
      .map(
        ([name, file, value]) =>
          `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${file}"\r\n\r\n${value}\r\n--b--\r\n`,
      ),
  );
  const t = fc.integer({ min: 0, max: 1000 });
  const record = fc
    .record({
      method: fc.oneof(fc.constantFrom('GET', 'POST'), text),
      target: fc.oneof(
        text,
        text.map((path) => `/${path}`),
      ),
      headers: fc.dictionary(header, text),
      kind,
      body: fc.option(body),
    })
    .map(({ kind: type, body: sent, headers, ...rest }): RecordedRequest => {
      const bytes = Buffer.from(sent ?? '');
      return {
        ...rest,
        headers: { ...headers, 'Content-Type': type },
        length: bytes.length + (sent === null ? 1 : 0),
        body: sent === null ? null : bytes.toString('base64'),
      };
    });
  const answer = fc.record({
    status: fc.integer({ min: 0, max: 700 }),
    headers: fc.array(fc.tuple(fc.oneof(text, fc.constantFrom('Location', 'Set-Cookie')), text)),
    complete: fc.boolean(),
  });
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.record({
      kind: fc.constant('request' as const),
      t,
      method: text,
      path: text,
      record: fc.option(record, { nil: undefined }),
    }),
    fc.record({
      kind: fc.constant('stop' as const),
      t,
      file: text,
      line: fc.integer(),
      function: text,
      reason: fc.constantFrom('breakpoint', 'step', 'exception', 'interrupt', 'other'),
      exception: fc.option(text, { nil: undefined }),
      from: fc.constantFrom('before', 'session'),
    }),
    fc.record({ kind: fc.constant('prompt' as const), t, text: fc.oneof(text, fc.constantFrom('(Pdb) ', '>>> ')) }),
    fc.record({
      kind: fc.constant('command' as const),
      t,
      line: fc.oneof(text, fc.constantFrom('interact', 'EOF', 'n', 'c')),
    }),
    fc.record({ kind: fc.constant('output' as const), text }),
    fc.record({ kind: fc.constant('resume' as const), t }),
    fc.record({
      kind: fc.constant('response' as const),
      t,
      status: fc.integer(),
      record: fc.option(answer, { nil: undefined }),
    }),
    fc.record({ kind: fc.constant('anew' as const), why: fc.constantFrom('edit' as const, 'start' as const) }),
    fc.record({ kind: fc.constant('crash' as const), how: text }),
  );

  it('gives a scenario without a fault', async () => {
    const property = fc.asyncProperty(
      fc.array(happening, { maxLength: 25 }),

      async (happenings) => {
        const file = await scenarioText(happenings, { ...nothing, masks: [/a|\d\d/] });
        if (file === undefined) return;
        const parsed = parseScenario('/nowhere/shop/bug.yaml', file, placeOf('/nowhere/shop'));
        expect('problems' in parsed ? [parsed.problems, file] : []).toEqual([]);
      },
    );
    await fc.assert(property, { seed: 7117, numRuns: 300 });
  }, 60_000);
});
