import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'rolldown';
import packageJson from '../package.json' with { type: 'json' };
import { emptyDatabase } from './empty-database.ts';

/**
 * Bundles the command into `dist/`, flat: the entry, and one chunk for each part that only some commands need. From
 * node_modules, `drizzle-orm` alone costs half a second at every start.
 */

/**
 * commander imports `node:child_process` for subcommands that are programs of their own, of which there are none here;
 * loading it is a fifth of the time that the help takes.
 */
const lazyChildProcess: Plugin = {
  name: 'lazy-child-process',
  transform(code, id) {
    if (!id.includes('/commander/')) return undefined;
    return code.replace(
      "import childProcess from 'node:child_process';",
      "const childProcess = { spawn: (...args) => process.getBuiltinModule('node:child_process').spawn(...args) };",
    );
  },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const entry = join(dist, 'catalogue.cjs');

rmSync(dist, { recursive: true, force: true });
await build({
  input: {
    catalogue: join(root, 'cli/main.ts'),
    // A thread of its own, which has to be a file of its own.
    'pglite-worker': join(root, 'catalogue/pglite-worker.ts'),
    'site-worker': join(root, 'site/build/worker.ts'),
  },
  platform: 'node',
  // PGlite loads its WebAssembly and its file system from beside itself.
  external: [/^@electric-sql\/pglite/],
  logLevel: 'warn',
  plugins: [lazyChildProcess],
  output: {
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    minify: { compress: true, mangle: false, codegen: false },
  },
});
// Read at run time, from beside the chunk that reads them as from beside its source.
cpSync(join(root, 'catalogue/migrations'), join(dist, 'migrations'), { recursive: true });
cpSync(join(root, 'site/built'), join(dist, 'built'), { recursive: true });
const version = packageJson.dependencies['@electric-sql/pglite'];
const cache = join(root, `node_modules/.cache/tool-risk-catalogue/pglite-${version}.tgz`);
writeFileSync(join(dist, 'pglite-empty.tgz'), await emptyDatabase(cache));
// For editors: a document may name it as its `$schema`.
cpSync(join(root, 'policy/policy.schema.json'), join(dist, 'policy.schema.json'));
chmodSync(entry, 0o755);
process.stdout.write(`built ${packageJson.name} ${packageJson.version}: dist/catalogue.cjs\n`);
