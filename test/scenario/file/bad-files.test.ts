import { expect, it } from 'vitest';
import { ExitCode } from '../../../src/errors.ts';
import { parseScenario, readScenario, scenarioFault } from '../../../src/scenario/file/parse.ts';
import { project } from '../../config/project.ts';
import { placeOf, problemsOf } from './parsed.ts';

/** A file whose first line is a sound step. */
const after = (text: string) => `steps: [{request: GET /}]\n${text}`;

/** Text of a scenario file, and all its faults behind "cart.scenario.yaml:". */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the variables of scenarios look like that
const table: readonly (readonly [string, readonly string[]])[] = [
  // The file as a whole
  ['', ['1:1: `steps` is missing']],
  ['[]', ['1:1: expected a map of keys, not a list']],
  ['just words', ['1:1: expected a map of keys, not text ("just words")']],
  ['steps: []', ['1:8: `steps`: expected at least one step']],
  ['steps: x', ['1:8: `steps` should be a list, not text ("x")']],
  ['step: []\nsteps: [{request: GET /}]\n', ['1:1: unknown key `step`; did you mean `steps`?']],
  // Keys of the file
  [after('tag: [a]'), ['2:1: unknown key `tag`; did you mean `tags`?']],
  [after('tags: a'), ['2:7: `tags` should be a list, not text ("a"): write [a]']],
  [after('tags: [a b]'), ['2:8: `tags[0]`: a tag is one word']],
  [after('skip: 5'), ['2:7: `skip` should be true or false or text, not a number (5)']],
  [after('only: yes'), ['2:7: `only` should be true or false, not text ("yes")']],
  [after('timeout: 10s'), ['2:10: `timeout` should be a number, not text ("10s")']],
  [after('timeout: 0'), ['2:10: `timeout`: expected more than 0 seconds']],
  [after('timeout: 1e9'), ['2:10: `timeout`: expected at most a day (86400 seconds)']],
  [after('timeout: .inf'), ['2:10: `timeout` should be a number, not .inf']],
  [after('step_timeout: -1'), ['2:15: `step_timeout`: expected more than 0 seconds']],
  [after('name: [a]'), ['2:7: `name` should be text, not a list']],
  [after('name: ""'), ['2:7: `name`: expected a name']],
  [
    after('name: "${x}"'),
    ['2:8: unknown variable `${x}`: neither vars, each nor save defines it; for the text itself write $${x}'],
  ],
  // config
  [after('config: {sever: 1}'), ['2:10: unknown key `config.sever`; did you mean `server`?']],
  [
    after('config: {server: {port: 99999}}'),
    ['2:25: `config.server.port`: a port lies between 1 and 65535 (0 picks a free one)'],
  ],
  [after('config: 3'), ['2:9: `config` should be a map, not a number (3)']],
  [after('config: {env: {A: "${"}}'), ['2:19: invalid interpolation "${"; write $$ for a dollar sign']],
  [after('config: {python: 3.11.4}'), ['2:18: `config.python`: give the version as 3.11, without patch level']],
  [after('config: {env_file: [no.env]}'), ['2:21: `config.env_file[0]`: the file no.env does not exist']],
  [after('config: {compose: {file: x}}'), ['2:26: `config.compose.file`: the file x does not exist']],
  [
    after('config: {debug: {break: [x]}}'),
    [
      '2:26: `config.debug.break[0]`: expected FILE:LINE or MODULE:FUNCTION, such as shop/views.py:42 or "shop.views:cart if total > 10"',
    ],
  ],
  // Breakpoints, variables, rows
  [
    after('break: ["views.py"]'),
    [
      '2:9: `break[0]`: expected FILE:LINE or MODULE:FUNCTION, such as shop/views.py:42 or "shop.views:cart if total > 10"',
    ],
  ],
  [after('break: views.py:3'), ['2:8: `break` should be a list, not text ("views.py:3"): write ["views.py:3"]']],
  [
    after('break: ["a.py:1 if"]'),
    [
      '2:9: `break[0]`: expected FILE:LINE or MODULE:FUNCTION, such as shop/views.py:42 or "shop.views:cart if total > 10"',
    ],
  ],
  [after('post_mortem: maybe'), ['2:14: `post_mortem` should be true or false, not text ("maybe")']],
  [after('vars: [a]'), ['2:7: `vars` should be a map, not a list']],
  [after('vars: {a-b: 1}'), ['2:8: `vars.a-b`: "a-b" is not a name; use letters, digits and _']],
  [after('vars: {a: .nan}'), ['2:11: `vars.a`: JSON has no .nan and no .inf']],
  [after('vars: {a: 1, b: "${a}"}'), ['2:18: `${a}` is not filled in here: values of vars are taken as they are']],
  [after('each: []'), ['2:7: `each`: expected at least one row']],
  [after('each: {a: 1}'), ['2:7: `each` should be a list, not a map']],
  [after('each: [{}]'), ['2:8: `each[0]`: expected a name and its value']],
  [
    after('each: [{a: 1}, {b: 2}]'),
    ['2:16: the row has no a, the first has', '2:17: the first row has no `b`; all rows need the same names'],
  ],
  [after('each: [{a: 1, b: 2}, {a: 1}]'), ['2:22: the row has no b, the first has']],
  [after('each: [{a: 1}, {a: 1, c: 2}]'), ['2:23: the first row has no `c`; all rows need the same names']],
  [after('each: [3]'), ['2:8: `each[0]` should be a map, not a number (3)']],
  // Hooks and rules
  [after('before: make'), ['2:9: `before` should be a list, not text ("make"): write [make]']],
  [after('before: [""]'), ['2:10: `before[0]`: expected a command']],
  [
    after('before: [{comand: x}]'),
    ['2:10: `before[0].command` is missing', '2:11: unknown key `before[0].comand`; did you mean `command`?'],
  ],
  [after('after: [{command: x, code: 256}]'), ['2:28: `after[0].code`: an exit code lies between 0 and 255']],
  [after('after: [{command: x, code: 1.5}]'), ['2:28: `after[0].code` should be a whole number, not a number (1.5)']],
  [after('after: [{expect: x}]'), ['2:9: `after[0].command` is missing']],
  [
    after('normalize: [{pattern: "("}]'),
    [
      '2:13: `normalize[0].with` is missing',
      '2:23: `normalize[0].pattern`: not a regular expression: unterminated group',
    ],
  ],
  [
    after('normalize: [{pattern: "(", with: x}]'),
    ['2:23: `normalize[0].pattern`: not a regular expression: unterminated group'],
  ],
  [after('normalize: x'), ['2:12: `normalize` should be a list, not text ("x")']],
  // Steps
  ['steps: [interrupt]', ['1:9: `steps[0]` should be a map, not text ("interrupt")']],
  ['steps: [{}]', ['1:9: expected request, stop, commands, resume, interrupt, response or run']],
  ['steps: [~]', ['1:9: `steps[0]` should be a map, not nothing']],
  ['steps: [{requst: GET /}]', ['1:10: unknown key `steps[0].requst`; did you mean `request`?']],
  [
    'steps: [{request: GET /, response: 200}]',
    ['1:26: `response` is a step of its own, beside `request`: begin it with `- response:`'],
  ],
  ['steps: [{stop: {}, respons: 200}]', ['1:20: unknown key `steps[0].respons`; did you mean `response`?']],
  ['steps:\n  - request:', ['2:13: `steps[0].request` should be text or a map, not nothing']],
  // Requests
  ['steps: [{request: /cart}]', ['1:19: `steps[0].request`: expected METHOD /path, such as GET /cart']],
  ['steps: [{request: get /}]', ['1:19: `steps[0].request`: methods are in capitals: GET']],
  ['steps: [{request: GET cart}]', ['1:19: `steps[0].request`: a path starts with "/", "cart" does not']],
  [
    'steps: [{request: GET http://localhost/}]',
    ['1:19: `steps[0].request`: expected a path such as /cart: the host and port are those of the container'],
  ],
  [
    'steps: [{request: GET /a b}]',
    ['1:19: `steps[0].request`: a space in a path is written %20 (+ behind the question mark)'],
  ],
  ['steps: [{request: GET /a HTTP/1.1}]', ['1:19: `steps[0].request`: leave the HTTP version out']],
  [
    'steps: [{request: "GET /a#b"}]',
    ['1:19: `steps[0].request`: what follows # is never sent to a server; the character itself is written %23'],
  ],
  ['steps: [{request: [GET]}]', ['1:19: `steps[0].request` should be text or a map, not a list']],
  ['steps: [{request: {method: GET}}]', ['1:19: `steps[0].request.path` is missing']],
  ['steps: [{request: {path: cart}}]', ['1:26: `steps[0].request.path`: a path starts with "/", "cart" does not']],
  ['steps: [{request: {path: /, method: Get}}]', ['1:37: `steps[0].request.method`: methods are in capitals: GET']],
  [
    'steps: [{request: {path: /, url: x}}]',
    [
      '1:29: unknown key `steps[0].request.url`; the keys there are name, method, path, headers, json, form, body, files, cookies, keep_cookies',
    ],
  ],
  [
    'steps: [{request: {path: /, json: 1, form: {a: 1}}}]',
    ['1:38: `steps[0].request.form` is one body too many, beside `json`'],
  ],
  [
    'steps: [{request: {path: /, body: x, files: {a: a.txt}}}]',
    ['1:29: `steps[0].request.body` is one body too many, beside `files`', '1:49: the file a.txt does not exist'],
  ],
  [
    'steps: [{request: {path: /, headers: {"a b": 1}}}]',
    ['1:39: `steps[0].request.headers.a b`: "a b" is not the name of a header'],
  ],
  [
    'steps: [{request: {path: /, headers: {A: "x\\ny"}}}]',
    ['1:42: `steps[0].request.headers.A`: a header is one line'],
  ],
  ['steps: [{request: {path: /, headers: [A]}}]', ['1:38: `steps[0].request.headers` should be a map, not a list']],
  [
    'steps: [{request: {path: /, form: {a: {b: 1}}}}]',
    ['1:39: `steps[0].request.form.a` should be text or a list, not a map'],
  ],
  ['steps: [{request: {path: /, form: {a: []}}}]', ['1:39: `steps[0].request.form.a`: expected at least one']],
  ['steps: [{request: {path: /, files: {a: no.png}}}]', ['1:40: the file no.png does not exist']],
  [
    'steps: [{request: {path: /, files: {a: {path: no.png, content: x}}}}]',
    [
      '1:47: the file no.png does not exist',
      '1:55: `steps[0].request.files.a.content` is one too many: give path or content',
    ],
  ],
  [
    'steps: [{request: {path: /, files: {a: {type: x}}}}]',
    ['1:40: `steps[0].request.files.a`: expected path or content'],
  ],
  ['steps: [{request: {path: /, files: {a: .}}}]', ['1:40: the file . does not exist']],
  [
    'steps: [{request: {path: /, cookies: {a: "b; c"}}}]',
    ['1:42: `steps[0].request.cookies.a`: a cookie has no spaces and no ";"; write them %20 and %3B'],
  ],
  [
    'steps: [{request: {path: /, keep_cookies: 1}}]',
    ['1:43: `steps[0].request.keep_cookies` should be true or false, not a number (1)'],
  ],
  ['steps: [{request: {path: /, json: .inf}}]', ['1:35: `steps[0].request.json`: JSON has no .nan and no .inf']],
  ['steps: [{request: {path: /, body: ~}}]', ['1:35: `steps[0].request.body` should be text, not nothing']],
  [
    'steps: [{request: {path: /, name: a}}, {request: {path: /, name: a}}]',
    ['1:66: a request is named a already, on line 1'],
  ],
  // Stops
  ['steps: [{stop: 42}]', ['1:16: `steps[0].stop`: expected FILE:LINE or FILE, such as shop/views.py:42']],
  [
    'steps: [{stop: "a.py:x"}]',
    ['1:16: `steps[0].stop`: expected FILE:LINE or FILE, such as shop/views.py:42; "x" is not a line'],
  ],
  [
    'steps: [{stop: {at: "a.py:0"}}]',
    ['1:21: `steps[0].stop.at`: expected FILE:LINE or FILE, such as shop/views.py:42; "0" is not a line'],
  ],
  ['steps: [{stop: {at: [a]}}]', ['1:21: `steps[0].stop.at` should be text, not a list']],
  [
    'steps: [{stop: {reason: break}}]',
    ['1:25: `steps[0].stop.reason`: expected breakpoint, exception, interrupt or step, not "break"'],
  ],
  [
    'steps: [{stop: {reason: breakpont}}]',
    [
      '1:25: `steps[0].stop.reason`: expected breakpoint, exception, interrupt or step, not "breakpont"; did you mean `breakpoint`?',
    ],
  ],
  ['steps: [{stop: {of: nobody}}]', ['1:21: no request is named nobody']],
  [
    'steps: [{request: {path: /, name: first}}, {stop: {of: frist}}]',
    ['1:56: no request is named frist; did you mean `first`?'],
  ],
  [
    'steps: [{stop: {of: late}}, {request: {path: /, name: late}}]',
    ['1:21: the request late is sent later, on line 1'],
  ],
  [
    'steps: [{stop: {commands: p x}}]',
    ['1:27: `steps[0].stop.commands` should be a list, not text ("p x"): write ["p x"]'],
  ],
  ['steps: [{stop: {commands: [[p]]}}]', ['1:28: `steps[0].stop.commands[0]` should be text or a map, not a list']],
  [
    'steps: [{stop: {commands: [{run: p, expct: 1}]}}]',
    ['1:37: unknown key `steps[0].stop.commands[0].expct`; did you mean `expect`?'],
  ],
  [
    'steps: [{stop: {commands: ["a\\nb"]}}]',
    ['1:28: `steps[0].stop.commands[0]`: a command is one line; write each as an item of its own'],
  ],
  [
    'steps: [{stop: {commands: ["\\x03"]}}]',
    ["1:28: `steps[0].stop.commands[0]`: control characters can't be typed here; Ctrl-C is `interrupt: true`"],
  ],
  ['steps: [{stop: {stay: yes}}]', ['1:23: `steps[0].stop.stay` should be true or false, not text ("yes")']],
  ['steps: [{stop: {exception: [a]}}]', ['1:28: `steps[0].stop.exception` should be text or a map, not a list']],
  [
    'steps: [{stop: {line: 3}}]',
    ['1:17: unknown key `steps[0].stop.line`; the keys there are at, function, reason, exception, of, commands, stay'],
  ],
  // What can't follow
  [
    'steps: [{commands: [p x]}]',
    ['1:10: `commands` needs a prompt: the `stop` before it goes on by itself unless it has `stay: true`'],
  ],
  [
    'steps: [{stop: {}}, {commands: [p x]}]',
    ['1:22: `commands` needs a prompt: the `stop` before it goes on by itself unless it has `stay: true`'],
  ],
  ['steps: [{stop: {stay: true}}, {commands: []}]', ['1:42: `steps[1].commands`: expected at least one command']],
  [
    'steps: [{resume: continue}]',
    ['1:10: `resume` needs a prompt: the `stop` before it goes on by itself unless it has `stay: true`'],
  ],
  ['steps: [{stop: {stay: true}}, {resume: c}]', ['1:40: `steps[1].resume`: expected continue or quit, not "c"']],
  [
    'steps: [{stop: {stay: true}}, {resume: continu}]',
    ['1:40: `steps[1].resume`: expected continue or quit, not "continu"; did you mean `continue`?'],
  ],
  ['steps: [{interrupt: false}]', ['1:21: `steps[0].interrupt`: expected true, not a boolean (false)']],
  ['steps: [{interrupt: 1}]', ['1:21: `steps[0].interrupt`: expected true, not a number (1)']],
  ['steps: [{response: 200}]', ['1:10: no request was sent before: there is no response to wait for']],
  ['steps: [{request: GET /}, {response: OK}]', ['1:38: `steps[1].response`: expected a status such as 200, not "OK"']],
  ['steps: [{request: GET /}, {response: 99}]', ['1:38: `steps[1].response`: expected a status such as 200, not "99"']],
  [
    'steps: [{request: GET /}, {response: {staus: 200}}]',
    ['1:39: unknown key `steps[1].response.staus`; did you mean `status`?'],
  ],
  [
    'steps: [{request: GET /}, {response: {headers: {A: {contain: x}}}}]',
    ['1:53: unknown key `steps[1].response.headers.A.contain`; did you mean `contains`?'],
  ],
  ['steps: [{request: GET /}, {response: {of: x}}]', ['1:43: no request is named x']],
  [
    'steps: [{request: GET /}, {stop: {stay: true}}, {response: 200}, {resume: continue}]',
    ['1:50: no response can come: the request stands at a stop (line 1); `resume` comes first'],
  ],
  // Commands in the container, expectations
  ['steps: [{run: ""}]', ['1:15: `steps[0].run`: expected a command']],
  [
    'steps: [{run: {cmd: x}}]',
    ['1:15: `steps[0].run.command` is missing', '1:16: unknown key `steps[0].run.cmd`; did you mean `code`?'],
  ],
  ['steps: [{run: {command: x, code: "0"}}]', ['1:34: `steps[0].run.code` should be a number, not text ("0")']],
  [
    'steps: [{run: {command: x, expect: {}}}]',
    ['1:36: `steps[0].run.expect`: expected exact, contains, match, json or not'],
  ],
  ['steps: [{run: {command: x, expect: ~}}]', ['1:36: `steps[0].run.expect` should be text or a map, not nothing']],
  [
    'steps: [{run: {command: x, expect: {contains: []}}}]',
    ['1:47: `steps[0].run.expect.contains`: expected at least one'],
  ],
  [
    'steps: [{run: {command: x, expect: {contains: [[a]]}}}]',
    ['1:48: `steps[0].run.expect.contains[0]` should be text, not a list'],
  ],
  [
    'steps: [{run: {command: x, expect: {match: "("}}}]',
    ['1:44: `steps[0].run.expect.match`: not a regular expression: unterminated group'],
  ],
  [
    'steps: [{run: {command: x, expect: {match: "a{2,1}"}}}]',
    ['1:44: `steps[0].run.expect.match`: not a regular expression: numbers out of order in {} quantifier'],
  ],
  [
    'steps: [{run: {command: x, expect: {not: {matches: a}}}}]',
    ['1:43: unknown key `steps[0].run.expect.not.matches`; did you mean `match`?'],
  ],
  [
    'steps: [{run: {command: x, expect: {not: {not: 3, match: "["}}}}]',
    ['1:58: `steps[0].run.expect.not.match`: not a regular expression: unterminated character class'],
  ],
  [
    'steps: [{run: {command: x, expect: {json: .nan}}}]',
    ['1:43: `steps[0].run.expect.json`: JSON has no .nan and no .inf'],
  ],
  // save
  [
    'steps: [{run: {command: x, save: 1a}}]',
    ['1:34: `steps[0].run.save`: "1a" is not a name; use letters, digits and _'],
  ],
  ['steps: [{run: {command: x, save: {}}}]', ['1:34: `steps[0].run.save`: expected a name']],
  ['steps: [{run: {command: x, save: {a: {}}}}]', ['1:38: `steps[0].run.save.a`: expected json or match']],
  [
    'steps: [{run: {command: x, save: {a: {json: a, match: b}}}}]',
    ['1:48: `steps[0].run.save.a.match` is one too many: give json or match'],
  ],
  [
    'steps: [{run: {command: x, save: {a: {header: X-Id}}}}]',
    ['1:39: unknown key `steps[0].run.save.a.header`; the keys there are json, match'],
  ],
  ['steps: [{run: {command: x, save: {a: b}}}]', ['1:38: `steps[0].run.save.a` should be a map, not text ("b")']],
  [
    'steps: [{request: GET /}, {response: {save: {a: {header: "x y"}}}}]',
    ['1:58: `steps[1].response.save.a.header`: "x y" is not the name of a header'],
  ],
  // Variables
  [
    'steps: [{request: "GET /${id}"}]',
    ['1:25: unknown variable `${id}`: neither vars, each nor save defines it; for the text itself write $${id}'],
  ],
  ['vars: {item: 1}\nsteps: [{request: "GET /${itm}"}]', ['2:25: unknown variable `${itm}`; did you mean `${item}`?']],
  [
    'steps: [{request: "GET /${id}"}, {response: {save: id}}]',
    ['1:25: `${id}` has no value yet: it is saved on line 1'],
  ],
  [
    'steps: [{run: "echo $HOME ${HOME} $$"}]',
    ['1:27: unknown variable `${HOME}`: neither vars, each nor save defines it; for the text itself write $${HOME}'],
  ],
  [
    'steps: [{run: "echo ${a b}"}]',
    ['1:21: `${a b}` is no variable: write ${name}, or $${a b} where the dollar itself is meant'],
  ],
  ['steps: [{run: "echo ${"}]', ['1:21: `${` is no variable: write ${name}, or $${ where the dollar itself is meant']],
  [
    'steps: [{stop: {commands: ["p ${x}", {run: p x, save: x}]}}]',
    ['1:31: `${x}` has no value yet: it is saved on line 1'],
  ],
  [
    'steps: [{stop: {commands: [{run: p x, save: x}, "p ${x} ${y}"]}}]',
    ['1:57: unknown variable `${y}`; did you mean `${x}`?'],
  ],
  [
    'steps:\n  - run: |\n      echo ${no}\n',
    ['2:10: unknown variable `${no}`: neither vars, each nor save defines it; for the text itself write $${no}'],
  ],
  [
    'steps: [{run: {command: x, expect: {json: {a: "${b}"}}}}]',
    ['1:48: unknown variable `${b}`: neither vars, each nor save defines it; for the text itself write $${b}'],
  ],
  [
    'steps: [{request: {path: /, form: {"${f}": 1}, json: {"${k}": 1}}}]',
    [
      '1:29: `steps[0].request.form` is one body too many, beside `json`',
      '1:37: unknown variable `${f}`: neither vars, each nor save defines it; for the text itself write $${f}',
      '1:56: unknown variable `${k}`: neither vars, each nor save defines it; for the text itself write $${k}',
    ],
  ],
  // YAML itself
  [
    'steps:\n  - stop: {commands: [{run: p "${a}", expect: {match: "("}}]}\n  - response: {of: x, json: {a: 1}}\nvars: {a: 3}',
    ['2:33: not valid YAML: more text behind a value; put the whole value in quotes'],
  ],
  ['name: a\nname: b\nsteps: [{request: GET /}]\n', ['2:1: `name` is given twice, first on line 1']],
  ['steps: [{request: GET /, request: GET /b}]', ['1:26: `request` is given twice, first on line 1']],
  [
    'steps: [{<<: {a: 1}}]',
    [
      '1:9: expected request, stop, commands, resume, interrupt, response or run',
      '1:10: the key `<<` is not supported',
    ],
  ],
  ['steps: [*a]', ['1:9: there is no anchor &a before *a']],
  ['a: [', ['1:5: not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]']],
  ['steps: &s [*s]', ['1:12: *s contains itself']],
  ['__proto__: 1\nsteps: [{request: GET /}]\n', ['1:1: the key `__proto__` is not supported']],
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the variables of scenarios look like that

it.each(table)('%j', (text, expected) => {
  expect(problemsOf(text).map(({ where, message }) => `${where}: ${message}`)).toEqual(
    expected.map((line) => `cart.scenario.yaml:${line}`),
  );
});

it('shows each fault in its line, with a caret below, all in one error', () => {
  const text = [
    'steps:',
    '  - request: GET /cart',
    '  - stop:',
    '      att: shop/views.py:42',
    '      commands: p x',
  ].join('\n');
  const fault = scenarioFault(problemsOf(text));
  expect(fault.code).toBe(ExitCode.usage);
  expect(fault.message.split('\n')).toEqual([
    '2 faults in the scenarios:',
    'cart.scenario.yaml:4:7: unknown key `steps[1].stop.att`; did you mean `at`?',
    '          att: shop/views.py:42',
    '          ^',
    'cart.scenario.yaml:5:17: `steps[1].stop.commands` should be a list, not text ("p x"): write ["p x"]',
    '          commands: p x',
    '                    ^',
  ]);
});

it('reads what config names, and tells of faults in it', () => {
  const directory = project({
    'bad.env': '= 2\n',
    'cart.scenario.yaml': after('config: {env_file: [bad.env]}\ntag: x\n'),
  });
  const parsed = readScenario(`${directory}/cart.scenario.yaml`, placeOf(directory));
  expect('problems' in parsed && parsed.problems.map(({ where }) => where)).toEqual([
    'cart.scenario.yaml:3:1',
    'bad.env:1:1',
  ]);
});

it.each([
  ['absent', 'no.scenario.yaml', 'no.scenario.yaml:1:1: does not exist'],
  ['a directory', 'dir', 'dir:1:1: is a directory, expected a file'],
  ['not text', 'latin.yaml', 'latin.yaml:2:4: is not UTF-8 text'],
])('a file that is %s', (_, name, expected) => {
  const directory = project({ 'dir/': '', 'latin.yaml': Buffer.from('a: 1\nb: \xff\n', 'latin1') });
  const parsed = readScenario(`${directory}/${name}`, placeOf(directory));
  expect('problems' in parsed && parsed.problems.map(({ where, message }) => `${where}: ${message}`)).toEqual([
    expected,
  ]);
});

it('looks for files to be sent beside the scenario', () => {
  const directory = project({ 'a/photo.png': '', 'a/sub/': '' });
  const text = 'steps: [{request: {path: /, files: {a: photo.png, b: sub, c: [no.png, {path: ../a/photo.png}]}}}]';
  const parsed = parseScenario(`${directory}/a/cart.scenario.yaml`, text, placeOf(directory));
  expect('problems' in parsed && parsed.problems.map(({ message }) => message)).toEqual([
    'sub is no file',
    'the file no.png does not exist',
  ]);
});
