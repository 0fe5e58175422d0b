import type { TypeScript } from './tslab.ts';

/** What cells and the files they import are compiled with, in place of tslab's own choice. */
export function compilerOptions(compiler: TypeScript): import('@tslab/typescript-for-tslab').CompilerOptions {
  return {
    strict: true,
    target: compiler.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    // Finds packages whose types stand only under `exports`, and lets imports end in `.ts`, as Node wants them.
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    checkJs: false,
    inlineSourceMap: true,
  };
}
