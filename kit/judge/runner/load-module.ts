import { pathToFileURL } from 'node:url';

/**
 * What loads a student's file. Code that came out of a start-up snapshot has no `import()`: what is compiled now has.
 *
 * @example await moduleLoader()('/tmp/x/lab.mjs') // { addOrderToRedis: [AsyncFunction], ... }
 */
export function moduleLoader(): (file: string) => Promise<Record<string, unknown>> {
  const { Script, constants } = process.getBuiltinModule('node:vm');
  const script = new Script('(url) => import(url)', {
    filename: 'storelab-load.js',
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const load = script.runInThisContext();
  return (file) => load(pathToFileURL(file).href);
}
