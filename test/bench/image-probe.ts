import { resolveConfig } from '../../src/config/resolve.ts';
import { connect } from '../../src/engine/docker.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import { createOutput } from '../../src/log.ts';
import { ensureImage } from '../../src/project/image.ts';

// A program of its own, built by scripts/build.mjs as the command is: prints {first, again} in milliseconds.
const { env, stdout, stderr } = process;

async function probe(): Promise<void> {
  const { config } = await resolveConfig({ app: 'wsgi:application' }, env, process.cwd());
  const engine = connect(resolveEndpoint({}, env));
  const out = createOutput({ verbosity: 'quiet', ansi: 'never', env, stdout, stderr });
  const packageRoot = env.WSGI_DEV_BENCH_PACKAGE ?? '';
  const surroundings = { out, env, packageRoot, cacheDirectory: '', version: 'bench' };
  const once = async (): Promise<number> => {
    const begun = performance.now();
    const request = { build: 'missing', noCache: false, pull: 'missing', progress: 'quiet', frozen: false } as const;
    await ensureImage(engine, config, request, surroundings);
    return performance.now() - begun;
  };
  stdout.write(JSON.stringify({ first: await once(), again: await once() }));
}

probe().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
