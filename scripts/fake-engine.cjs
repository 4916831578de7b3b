'use strict';
const { createServer } = require('node:http');

/**
 * Answers as an engine would on which all goes well, so far as the warm run goes: the code that a start needs is
 * compiled then, and so in the code cache. Returns the server, listening on `path`.
 */
exports.fakeEngine = (path) => {
  const container = {
    Id: 'c0',
    Name: '/warm-wsgi',
    Image: 'sha256:0',
    Config: { Image: 'warm', Labels: {} },
    State: { Status: 'running', Running: true, ExitCode: 0, StartedAt: new Date().toISOString() },
    NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8000' }] } },
  };
  const answers = [
    [/^GET .*\/version/, 200, { Version: '28.0.0', ApiVersion: '1.48', Os: 'linux', Arch: 'amd64' }],
    [/^GET .*\/images\//, 200, { Id: 'sha256:0', Config: { Labels: {} } }],
    [/^GET .*\/containers\/json/, 200, []],
    [/^GET .*\/containers\/[^/]+\/json/, 200, container],
    [/^POST .*\/containers\/create/, 201, { Id: 'c0', Warnings: [] }],
    [/^POST .*\/(start|resize|kill|stop)/, 204, undefined],
    [/^DELETE /, 204, undefined],
  ];
  const server = createServer((request, response) => {
    request.resume();
    const asked = `${request.method} ${request.url}`;
    // A wait is never over: the headers alone say that the engine listens.
    if (/\/wait/.test(asked)) {
      response.writeHead(200).flushHeaders();
      return;
    }
    const [, status, body] = answers.find(([pattern]) => pattern.test(asked)) ?? [
      /^/,
      404,
      { message: 'no such thing' },
    ];
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  });
  return server.listen(path);
};
