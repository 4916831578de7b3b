import { existsSync } from 'node:fs';

/** The tests drive the built program: a clear word beats a hundred failures. */
export default function setup(): void {
  const cli = process.env.WSGI_DEV_CLI ?? 'dist/bin/wsgi-dev.cjs';
  if (!existsSync(cli)) throw new Error(`${cli} is not built: run \`make test\`, or \`npm run build\` first`);
}
