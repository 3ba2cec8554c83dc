import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startServer } from './support/postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real PostgreSQL server's `postgres` database; a test makes databases of its own beside it. */
    postgresUrl: string;
  }
}

/**
 * Starts one real PostgreSQL for the whole run. With TEST_POSTGRES_URL set, the run uses that server instead, as a role
 * that may create databases and roles: so the tests run on each version that the catalogue is for.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.TEST_POSTGRES_URL;
  if (url) {
    project.provide('postgresUrl', url);
    return async () => {};
  }
  const directory = mkdtempSync(join(tmpdir(), 'catalogue-postgres-'));
  const server = await startServer(directory);
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}
