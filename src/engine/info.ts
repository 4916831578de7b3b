import type { EngineInfo } from './engine.ts';
import { field, RegistryFault } from './fault.ts';
import type { Link } from './link.ts';

/** How the engine is set up; what an engine doesn't tell is empty. */
export async function engineInfo({ docker, attempt }: Link): Promise<EngineInfo> {
  return await attempt('ask the engine how it is set up', async () => {
    const info: unknown = await docker.info();
    const options = field(info, 'SecurityOptions');
    return {
      system: String(field(info, 'OperatingSystem') ?? ''),
      directory: String(field(info, 'DockerRootDir') ?? ''),
      // "name=seccomp,profile=default"
      security: (Array.isArray(options) ? options : []).flatMap((one) => /name=([^,]+)/.exec(String(one))?.[1] ?? []),
    };
  });
}

/** Rejects with a RegistryFault where the engine gets no answer for `ref`, or `signal` ends the wait for it. */
export async function askRegistry({ docker }: Link, ref: string, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const path = `/distribution/${ref}/json`;
    docker.modem.dial({ path, method: 'GET', statusCodes: { 200: true }, abortSignal: signal }, (error) => {
      if (error === null) resolve();
      else reject(new RegistryFault(signal.aborted ? 'no answer in time' : textOf(error), { cause: error }));
    });
  });
}

/** The engine's own words. */
function textOf(error: unknown): string {
  const message = field(field(error, 'json'), 'message');
  return typeof message === 'string' ? message : error instanceof Error ? error.message : String(error);
}
