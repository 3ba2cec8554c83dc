import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../cli/terminal.ts';

/**
 * The whole pipeline on four real servers: scans them, keeps the result in an embedded catalogue, writes a policy for
 * each and builds the site. The servers are devDependencies, so that nothing is fetched.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface ListedServer {
  server: string;
  label: string;
  tools: number;
  categories: { Read: number; Write: number; Execute: number };
  critical: number;
}

const { values } = parseArgs({ options: { out: { type: 'string', default: 'demo' } } });
const db = join(values.out, 'catalogue');
const policies = join(values.out, 'policies');
const site = join(values.out, 'public');

catalogue('scan', join(root, 'scripts/demo-servers.json'), '--db', db);
const { servers } = JSON.parse(catalogue('list', '--db', db, '--json')) as { servers: ListedServer[] };
for (const { server } of servers) {
  catalogue('export', server, '--db', db, '-o', join(policies, `${server}.policy.json`));
}
catalogue('build', '--db', db, '--out', site);

const header = ['Server', 'Tools', 'Read', 'Write', 'Execute', 'Critical'];
const rows = servers.map(({ label, tools, categories, critical }) => [
  label,
  tools,
  categories.Read,
  categories.Write,
  categories.Execute,
  critical,
]);
process.stdout.write(`
${table(header, rows)}
Site       ${join(site, 'index.html')}
           npm run catalogue -- serve --out ${site}
Policies   ${servers.map(({ server }) => join(policies, `${server}.policy.json`)).join('\n           ')}
Catalogue  ${db}
           npm run catalogue -- list --db ${db}
`);

/** Runs one command and gives what it printed. Ends the demo with the command's exit code when it fails. */
function catalogue(...args: string[]): string {
  const main = join(root, 'cli/main.ts');
  const { status, stdout } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return stdout;
  process.stdout.write(stdout);
  process.exit(status ?? 1);
}
