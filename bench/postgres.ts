import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startServer } from '../test/support/postgres-server.ts';

/** A PostgreSQL server with its stock settings, for the time of a measurement. */
export async function startPostgres(): Promise<{ createDatabase(): Promise<string>; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'catalogue-bench-postgres-'));
  const server = await startServer(directory);
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  let count = 0;
  return {
    async createDatabase() {
      const name = `bench_${++count}`;
      await admin.unsafe(`create database ${name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async stop() {
      await admin.end();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
