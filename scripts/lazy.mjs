import { readFileSync } from 'node:fs';

/**
 * Modules that are loaded when they are first used, not when they are first required: dockerode requires grpc and ssh2
 * at its own load, for BuildKit sessions and ssh:// only, at the cost of 80 ms. They stay in node_modules.
 */
const lazyModules = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs'];

/** Parts of Node that libraries require at their load, and most commands never use: 5 ms together. */
const lazyBuiltins = ['child_process', 'https', 'zlib'];

/** @type {import('esbuild').Plugin} */
export const lazyPlugin = {
  name: 'lazy',
  setup(build) {
    // docker-modem prints the options of each request for its debug log before it asks whether that is on: 3 ms at the
    // first request of every command.
    build.onLoad({ filter: /docker-modem\/lib\/modem\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(/debug\('Sending: %s', util\.inspect\(options, \{[^}]*\}\)\);/, '');
      if (contents === source) throw new Error(`${path} has changed: nothing to take out`);
      return { contents, loader: 'js' };
    });
    const names = new RegExp(`^(${lazyModules.join('|')}|(node:)?(${lazyBuiltins.join('|')}))$`);
    build.onResolve({ filter: names }, ({ path, namespace, kind }) => {
      if (namespace === 'lazy') return { path, external: true };
      // What is imported is copied name by name: only a required module can be one that isn't there yet.
      return kind === 'require-call' ? { path, namespace: 'lazy' } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
      // A property is lazy too: `require('ssh2').Client` at the top of a module must not load it.
      contents: `
        const load = () => require(${JSON.stringify(path)});
        const lazy = (resolve) => new Proxy(function () {}, {
          get: (_, key) => Reflect.get(resolve(), key),
          apply: (_, self, args) => Reflect.apply(resolve(), self, args),
          construct: (_, args) => Reflect.construct(resolve(), args),
        });
        module.exports = new Proxy({}, { get: (_, key) => lazy(() => load()[key]) });
      `,
      loader: 'js',
    }));
  },
};
