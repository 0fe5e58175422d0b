/**
 * What node is started with, as source text: it loads the runner with what V8 has compiled of it before, which saves
 * 15 ms of each start. `start.cjs RUNNER CODE` loads it, `start.cjs RUNNER CODE make` writes CODE. Node's own compile
 * cache saves 8, and wants a folder that a student's code could write to.
 */
export const startSource = `
const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { Script, constants } = require('node:vm');
const [, , runner, code, make] = process.argv;
const script = new Script('(function (exports, require, module, __filename, __dirname) {' + readFileSync(runner, 'latin1') + '\\n})', {
  filename: runner,
  cachedData: make ? undefined : readFileSync(code),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
script.runInThisContext()({}, createRequire(runner), { exports: {} }, runner, '/');
if (make) {
  writeFileSync(code, script.createCachedData());
  process.exit();
}
process.argv.length = 2;
`;
