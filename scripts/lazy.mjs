/**
 * Modules that are loaded when they are first used, not when they are first required: dockerode requires grpc and ssh2
 * at its own load, for BuildKit sessions and ssh:// only, at the cost of 80 ms. They stay in node_modules.
 */
const lazyModules = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs'];

/** @type {import('esbuild').Plugin} */
export const lazyPlugin = {
  name: 'lazy',
  setup(build) {
    const names = new RegExp(`^(${lazyModules.join('|')})$`);
    build.onResolve({ filter: names }, ({ path, namespace }) =>
      namespace === 'lazy' ? { path, external: true } : { path, namespace: 'lazy' },
    );
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
