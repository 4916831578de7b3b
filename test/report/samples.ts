import type {
  EnvironmentReport,
  NormalizeRule,
  Recording,
  ScenarioResult,
  SourceLine,
  StepResult,
} from '../../src/scenario/result/result.ts';

export const addresses: NormalizeRule = {
  pattern: ' at 0x[0-9a-f]+',
  with: ' at 0x…',
  why: 'addresses differ from run to run',
};

const views = `def cart_total(request):
    items = load_items(request.GET)
    total = sum(item.price for item in items)
    return JsonResponse({"total": total})


def load_items(query):
    ids = query.getlist("item")`.split('\n');

const source = (current: number, from = 40, lines = views): SourceLine[] =>
  lines.map((text, index) => ({ line: from + index, text, current: from + index === current }));

const step = (number: number, kind: StepResult['kind'], title: string, more: Partial<StepResult> = {}): StepResult => ({
  number,
  kind,
  title,
  line: 3 + number * 2,
  outcome: 'passed',
  checks: [],
  ...more,
});

/** Two stops, three requests, everything as expected. */
export const passed: ScenarioResult = {
  schema: 1,
  name: 'two items add up [item=3, coupon=SPRING]',
  file: 'scenarios/cart.scenario.yaml',
  description: 'The total is the sum of the prices, whichever way the items are asked for.',
  tags: ['cart', 'smoke'],
  each: { item: 3, coupon: 'SPRING' },
  outcome: 'passed',
  steps: [
    step(1, 'request', 'GET /cart?item=3&item=4'),
    step(2, 'stop', 'stop at shop/views.py:42', {
      checks: [
        { what: 'at', passed: true, expected: 'shop/views.py:42', actual: 'shop/views.py:42' },
        { what: 'p len(items)', passed: true, expected: '2', actual: '2' },
        { what: 'p items', passed: true, expected: undefined, actual: '[<Item at 0x…>, <Item at 0x…>]' },
      ],
    }),
    step(3, 'response', 'response 200', {
      checks: [
        { what: 'status', passed: true, expected: '200', actual: '200' },
        { what: 'json', passed: true, expected: '{"total": 30}', actual: '{"total": 30}' },
      ],
    }),
    step(4, 'run', 'run python manage.py check', {
      checks: [{ what: 'code', passed: true, expected: '0', actual: '0' }],
    }),
  ],
  stops: [
    {
      number: 1,
      step: 2,
      reason: 'breakpoint',
      file: 'shop/views.py',
      line: 42,
      function: 'cart_total',
      request: 1,
      source: source(42),
      locals: [
        { name: 'request', value: "<WSGIRequest: GET '/cart?item=3&item=4'>" },
        { name: 'items', value: '[<Item at 0x…>, <Item at 0x…>]' },
      ],
      commands: [
        { line: 'p len(items)', output: '2' },
        { line: 'p items', output: '[<Item at 0x…>, <Item at 0x…>]' },
      ],
    },
  ],
  requests: [
    { number: 1, name: 'cart', method: 'GET', path: '/cart?item=3&item=4', status: 200, bytes: 13 },
    { number: 2, name: undefined, method: 'POST', path: '/cart/items', status: 302, bytes: 0 },
  ],
  events: [
    { event: 'ready', mode: 'debug' },
    { event: 'request', id: 1, method: 'GET', path: '/cart?item=3&item=4' },
    {
      event: 'stop',
      stop: 1,
      file: 'shop/views.py',
      line: 42,
      function: 'cart_total',
      request: 1,
      reason: 'breakpoint',
    },
    { event: 'response', id: 1, status: 200, bytes: 13 },
  ],
  normalized: [addresses],
  timings: {
    started: '2026-03-14T09:26:53.589Z',
    totalMs: 1134.5,
    stepsMs: [2.1, 48.4, 12.9, 310.2],
    requestsMs: [61.3, 8.2],
  },
};

/** A forgotten breakpoint() two calls further on ends it. */
export const failed: ScenarioResult = {
  ...passed,
  name: 'a coupon is taken off once',
  file: 'scenarios/coupon.scenario.yaml',
  description: undefined,
  tags: ['cart'],
  each: undefined,
  outcome: 'failed',
  failure: {
    kind: 'stop',
    message:
      'The request GET /checkout stopped at shop/coupons.py:17 (breakpoint), and no step waits for a stop there.',
    step: 4,
    line: 11,
    at: { file: 'shop/coupons.py', line: 17 },
    source: source(17, 14, [
      'def discounted(total, coupon):',
      '    if coupon is None:',
      '        return total',
      '    breakpoint()',
      '    return total * (100 - coupon.percent) // 100',
    ]),
    lastSeen: '> /app/shop/coupons.py(17)discounted()\n-> breakpoint()\n(Pdb) ',
  },
  steps: [
    ...passed.steps.slice(0, 2),
    step(3, 'commands', 'commands', {
      checks: [{ what: 'p coupon.percent', passed: true, expected: '10', actual: '10' }],
    }),
    step(4, 'response', 'response 200', {
      outcome: 'failed',
      checks: [
        { what: 'status', passed: false, expected: '200', actual: 'no response: it stands at shop/coupons.py:17' },
      ],
    }),
    step(5, 'run', 'run python manage.py check', { outcome: 'skipped' }),
  ],
  stops: [
    ...passed.stops,
    {
      number: 2,
      step: undefined,
      reason: 'breakpoint',
      file: 'shop/coupons.py',
      line: 17,
      function: 'discounted',
      request: 2,
      exception: undefined,
      source: source(17, 14, [
        'def discounted(total, coupon):',
        '    if coupon is None:',
        '        return total',
        '    breakpoint()',
      ]),
      locals: [
        { name: 'coupon', value: "Coupon(code='SPRING', percent=10)" },
        { name: 'total', value: '30' },
      ],
      commands: [],
    },
  ],
  requests: [
    { number: 1, name: 'cart', method: 'GET', path: '/cart?item=3&item=4', status: 200, bytes: 13 },
    { number: 2, name: undefined, method: 'GET', path: '/checkout', status: undefined, bytes: undefined },
    { number: 3, name: undefined, method: 'GET', path: '/missing', status: 404, bytes: 1834 },
    { number: 4, name: undefined, method: 'GET', path: '/broken', status: 500, bytes: 145 },
  ],
  timings: { ...passed.timings, totalMs: 4211, stepsMs: [2, 41, 3, 2044], requestsMs: [55, null, 7, 12] },
};

/** What an application that wants out of the report would print. */
export const hostile = '</script><script>window.escaped = true</script><img src=x onerror="window.escaped = true">';

/** Everything that has a meaning to HTML, XML, Markdown, a terminal, or the reader's eye. */
export const nastyText = `${hostile}]]> and ]]> --> & " ' \` \`\`\` | # :: %0A \u001b[31mred\u001b[0m \u0000\u0007\ufffe \u202egnp.exe \ud800 née €`;

export const nasty: ScenarioResult = {
  ...passed,
  name: `<b>nasty</b> | name, with: colons ${nastyText}`,
  file: 'scenarios/näs|ty.scenario.yaml',
  description: nastyText,
  tags: [nastyText],
  each: { [nastyText]: nastyText },
  outcome: 'failed',
  failure: {
    kind: 'expectation',
    message: `expected ${nastyText}\nbut it was ${nastyText}\n\`\`\`\`\nstill the message`,
    step: 2,
    line: 7,
    at: undefined,
    source: [{ line: 1, text: nastyText, current: true }],
    lastSeen: nastyText,
  },
  steps: [
    step(1, 'request', nastyText),
    step(2, 'stop', nastyText, {
      outcome: 'failed',
      checks: [{ what: nastyText, passed: false, expected: nastyText, actual: `${nastyText}\n${'long '.repeat(400)}` }],
    }),
  ],
  stops: [
    {
      number: 1,
      step: 2,
      reason: nastyText,
      file: `shop/${nastyText}.py`,
      line: 42,
      function: nastyText,
      request: 1,
      exception: nastyText,
      source: [{ line: 42, text: nastyText, current: true }],
      locals: [{ name: nastyText, value: nastyText }],
      commands: [{ line: nastyText, output: `${nastyText}\n`.repeat(60) }],
    },
  ],
  requests: [{ number: 1, name: nastyText, method: 'GET', path: `/${nastyText}`, status: 500, bytes: 5_123_456 }],
  events: [{ event: nastyText }],
  normalized: [{ pattern: nastyText.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), with: nastyText, why: nastyText }],
  timings: { ...passed.timings, stepsMs: [1, 2], requestsMs: [3] },
};

export const skipped: ScenarioResult = {
  ...passed,
  name: 'import of a large catalogue',
  file: 'scenarios/import.scenario.yaml',
  description: undefined,
  tags: [],
  each: undefined,
  outcome: 'skipped',
  skipped: 'needs the supplier’s test account',
  steps: [],
  stops: [],
  requests: [],
  events: [],
  normalized: [],
  timings: { started: new Date(0).toISOString(), totalMs: 0, stepsMs: [], requestsMs: [] },
};

export const recording: Recording = {
  columns: 100,
  rows: 30,
  output: [
    { at: 0.012, text: 'Apache/2.4.68 with mod_wsgi 4.9.4, Python 3.11\r\n' },
    { at: 0.31, text: 'Ready at http://127.0.0.1:8000/\r\n' },
    { at: 0.42, text: '> /app/shop/views.py(42)cart_total()\r\n-> total = sum(item.price for item in items)\r\n' },
    { at: 0.44, text: '(Pdb) \x1b[1mp len(items)\x1b[0m\r\n2\r\n' },
    { at: 0.52, text: '(Pdb) p items\r\n[<Item at 0x7f3a' },
    { at: 0.521, text: '1c0>, <Item at 0x7f3a2d0>]\r\n(Pdb) ' },
    { at: 0.61, text: '\x1b]0;title\x07\x1b[32mcontinue\x1b[0m\r\n' },
    { at: 0.9, text: '> /app/shop/coupons.py(17)discounted()\r\n-> breakpoint()\r\n(Pdb) ' },
  ],
  stops: [
    { at: 0.42, number: 1 },
    { at: 0.9, number: 2 },
  ],
};

export const nastyRecording: Recording = {
  columns: 80,
  rows: 24,
  output: [{ at: 0.1, text: `${nastyText}\r\n` }],
};

export const environment: EnvironmentReport = {
  schema: 1,
  wsgiDev: '0.1.0',
  image: {
    tag: 'wsgi-dev/shop:4f2a91c07b3d',
    id: 'sha256:1f0c5f4e0c9a3b4d8f7e6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d',
  },
  engine: { version: '20.10.24+dfsg1', apiVersion: '1.41', os: 'linux', arch: 'amd64' },
  versions: { python: '3.11.2', apache: '2.4.68', mod_wsgi: '4.9.4' },
  packages: { pip: ['asgiref==3.8.1', 'Django==5.0.6', 'sqlparse==0.5.0'], apt: ['apache2=2.4.68-1', 'libpq5=15.7-0'] },
  lock: { sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', frozen: true },
  env: ['DATABASE_URL', 'DJANGO_SETTINGS_MODULE', 'TZ'],
};
