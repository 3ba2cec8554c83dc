import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { inject } from 'vitest';
import type { DatabaseLocation } from '../../catalogue/database.ts';

/** A new, empty place for a catalogue on each engine, and how to be rid of it. */
export interface TestPlace {
  location: DatabaseLocation;
  remove(): Promise<void>;
}

let count = 0;

export const ENGINES: readonly { engine: string; create(): Promise<TestPlace> }[] = [
  {
    engine: 'PGlite',
    async create() {
      const directory = mkdtempSync(join(tmpdir(), 'catalogue-test-'));
      return {
        location: { directory },
        remove: async () => rmSync(directory, { recursive: true, force: true }),
      };
    },
  },
  { engine: 'PostgreSQL', create: createPostgresDatabase },
];

/** A new, empty database on the real PostgreSQL of the run. */
export async function createPostgresDatabase(): Promise<TestPlace & { location: { url: string } }> {
  const name = `test_${process.pid}_${++count}`;
  const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return {
    location: { url: url.href },
    async remove() {
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
