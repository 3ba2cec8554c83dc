import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './postgres-server.ts';

/** A PostgreSQL server of an installation that has the tools of the same version beside it. */
export interface LocalPostgres {
  /** Runs one of its tools. */
  run(tool: string, args: readonly string[]): void;
  url(database: string): string;
  stop(): void;
}

const TOOLS = ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'createdb'];

/** Starts a server that is installed on this machine, or says why there is none. */
export async function startLocalPostgres(): Promise<LocalPostgres | string> {
  // Debian keeps the programs of each version in a folder of its own, which is not on the path.
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...globSync('/usr/lib/postgresql/*/bin').sort(),
  ];
  const bin = folders.findLast((folder) => TOOLS.every((tool) => existsSync(join(folder, tool))));
  if (bin === undefined) return 'no PostgreSQL with pg_dump is installed';
  const user = serverUser();
  if (typeof user === 'string') return user;
  const home = mkdtempSync(join(tmpdir(), 'catalogue-local-postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(home, user.uid, user.gid);
  const data = join(home, 'data');
  const port = await freePort();
  const run = (tool: string, args: readonly string[]) =>
    void execFileSync(join(bin, tool), args, { ...user, cwd: home, stdio: 'ignore' });
  run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C']);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
  run('pg_ctl', ['start', '-w', '-D', data, '-l', join(home, 'log'), '-o', options]);
  return {
    run,
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    stop() {
      run('pg_ctl', ['stop', '-w', '-m', 'immediate', '-D', data]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { uid?: number; gid?: number } | string {
  if (process.getuid?.() !== 0) return {};
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return 'PostgreSQL refuses to run as root, and there is no user postgres';
  }
}
