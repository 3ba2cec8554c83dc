import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Finding } from './doctor.ts';
import type { Inspection } from './inspect.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

const Journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

/** How far the tables of a database are, beside those of the program. */
export interface MigrationState {
  finding: Finding;
  /** Whether the tables are those that the program knows, so that it can look at them. */
  isCurrent: boolean;
}

/** Compares the migrations in the database with those of the program, and makes none. Rejects when it is refused. */
export async function migrationState(inspection: Inspection): Promise<MigrationState> {
  const here = Journal.parse(
    JSON.parse(readFileSync(join(migrationsFolder, 'meta', '_journal.json'), 'utf8')),
  ).entries;
  const newest = here.at(-1)?.tag ?? 'none';
  const { there, readable, tables } = await migrationsThere(inspection);
  const other = (finding: Finding): MigrationState => ({ finding, isCurrent: false });
  if (!readable) {
    return other({
      health: 'problem',
      found: 'The role may not read which migrations the database has.',
      advice: 'Grant it what docs/operations.md lists for a role that reads.',
    });
  }
  if (there.length === 0 && tables === 0) {
    return other({
      health: 'warning',
      found: 'The database is empty.',
      advice: 'The first command that opens the catalogue makes its tables, such as `catalogue list`.',
      values: { here: newest, there: null },
    });
  }
  const known = new Set(here.map(({ when }) => when));
  const unknown = there.filter((when) => !known.has(when));
  if (unknown.length === there.length) {
    return other({
      health: 'problem',
      found: 'The database has tables, and they are not those of a catalogue.',
      advice: 'Make a database of its own for the catalogue.',
    });
  }
  if (unknown.length > 0) {
    const many = unknown.length === 1 ? 'a migration' : `${unknown.length} migrations`;
    return other({
      health: 'problem',
      found: `A newer version of the program has changed the tables: they have ${many} that this one does not know (its newest is ${newest}).`,
      advice: 'Upgrade the program.',
      values: { here: newest, unknown: unknown.length },
    });
  }
  const due = here.filter(({ when }) => !there.includes(when)).map(({ tag }) => tag);
  const newestThere = here.filter(({ when }) => there.includes(when)).at(-1)?.tag ?? null;
  if (due.length > 0) {
    return other({
      health: 'warning',
      found: `The tables are older than the program: they are at ${newestThere}, and ${due.join(', ')} ${due.length === 1 ? 'is' : 'are'} missing. What is in them was not looked at.`,
      advice:
        'Make a backup. The next command that opens the catalogue with a role that owns the tables brings them up to date.',
      values: { here: newest, there: newestThere, due: due.length },
    });
  }
  const values = { here: newest, there: newestThere, due: 0 };
  return { finding: { health: 'ok', found: `Up to date: ${newest}.`, values }, isCurrent: true };
}

interface MigrationsThere {
  /** When each was written, which is what tells them apart. */
  there: number[];
  readable: boolean;
  /** Tables of anybody's. */
  tables: number;
}

async function migrationsThere({ read }: Inspection): Promise<MigrationsThere> {
  const [state] = await read<{ journal: boolean; readable: boolean; tables: number }>(`
    select
      exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations') as journal,
      coalesce((select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'), true) as readable,
      (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p')
          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e'))::int as tables`);
  const { journal = false, readable = true, tables = 0 } = state ?? {};
  if (!journal || !readable) return { there: [], readable, tables };
  const rows = await read<{ at: number }>(
    'select created_at::float8 as at from drizzle.__drizzle_migrations order by created_at',
  );
  return { there: rows.map(({ at }) => at), readable, tables };
}
