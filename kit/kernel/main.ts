/**
 * What Jupyter starts: `node --no-force-async-hooks-checks kit/kernel/main.ts <connection file>`.
 *
 * Cells run in this very process, as students expect of a kernel, with the repository's root as working folder.
 * The compile cache has to be on before the compiler is loaded, hence the dynamic import.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
process.chdir(root);
process.env.STORELAB_ROOT = root;
enableCompileCache(join(root, '.lab', 'compile-cache'));

const connectionFile = process.argv[2];
if (!connectionFile) {
  console.error('The storelab kernel is started by Jupyter: run `npm start`.');
  process.exit(2);
}
const { startKernel } = await import('./start-kernel.ts');
await startKernel({ root, connectionFile });
