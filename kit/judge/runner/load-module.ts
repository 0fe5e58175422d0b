import { pathToFileURL } from 'node:url';

/**
 * Loads a student's file. Code that came out of a start-up snapshot has no `import()`: what is compiled now has.
 *
 * @example await loadModule('/tmp/x/lab.mjs') // { addOrderToRedis: [AsyncFunction], ... }
 */
export function loadModule(file: string): Promise<Record<string, unknown>> {
  const { Script, constants } = process.getBuiltinModule('node:vm');
  const script = new Script('(url) => import(url)', {
    filename: 'storelab-load.js',
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return script.runInThisContext()(pathToFileURL(file).href);
}
