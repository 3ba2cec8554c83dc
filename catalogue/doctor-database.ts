import type { DatabaseCheck, Finding } from './doctor.ts';
import { ageText, DAY_MS, minuteText, plural, sizeText } from './doctor-words.ts';
import type { Inspection } from './inspect.ts';
import {
  LARGE_DEAD_PART,
  LONG_BACKLOG,
  MANY_CONNECTIONS,
  MANY_DEAD_ROWS,
  MIN_POSTGRES,
  NEARLY_ALL_CONNECTIONS,
  OLD_PASS_DAYS,
  OLD_SCAN_DAYS,
} from './limits.ts';

/** Checks of any database that can be opened. */
export const SERVER_CHECKS: readonly DatabaseCheck[] = [
  { id: 'extension', run: checkExtension },
  { id: 'size', run: checkSize },
  { id: 'connections', run: checkConnections },
];

/** Checks of the tables, where they are those that the program knows. */
export const TABLE_CHECKS: readonly DatabaseCheck[] = [
  { id: 'rights', run: checkRights },
  { id: 'scans', run: checkScans },
  { id: 'passes', run: checkPasses },
  { id: 'search', run: checkBacklog },
  { id: 'dead-rows', run: checkDeadRows },
  { id: 'gateway', run: checkGateway },
];

/** The first row of a query that always has one. */
async function one<Row extends object>({ read }: Inspection, query: string): Promise<Row> {
  const [row] = await read<Row>(query);
  if (row === undefined) throw new Error('a query gave no row');
  return row;
}

/** The engine and its version. `pglite` is the version of that package. */
export async function checkEngine(inspection: Inspection, pglite: string): Promise<Finding> {
  const { name, number } = await one<{ name: string; number: number }>(
    inspection,
    `select current_setting('server_version') as name, current_setting('server_version_num')::int as number`,
  );
  const [version = name] = name.split(' ');
  const values = { engine: inspection.engine, version };
  if (inspection.engine === 'PGlite') {
    return { health: 'ok', found: `PGlite ${pglite}, which is PostgreSQL ${version}.`, values };
  }
  if (number >= MIN_POSTGRES) return { health: 'ok', found: `PostgreSQL ${version}.`, values };
  return {
    health: 'problem',
    found: `PostgreSQL ${version} is older than what the catalogue is tested with.`,
    advice: 'Upgrade the server to PostgreSQL 15 or newer.',
    values,
  };
}

async function checkExtension(inspection: Inspection): Promise<Finding> {
  const { version, available } = await one<{ version: string | null; available: boolean }>(
    inspection,
    `select (select extversion from pg_extension where extname = 'pg_trgm') as version,
      exists (select from pg_available_extensions where name = 'pg_trgm') as available`,
  );
  if (version !== null) return { health: 'ok', found: `pg_trgm ${version} is there.`, values: { version } };
  if (available) {
    return {
      health: 'warning',
      found: 'The extension pg_trgm is not in the database yet.',
      advice: 'The first command that makes the tables adds it; the owner of the database may.',
      values: { version: null },
    };
  }
  return {
    health: 'problem',
    found: 'The server does not have the extension pg_trgm, which searching needs.',
    advice: "Install PostgreSQL's contrib modules on the server.",
    values: { version: null },
  };
}

async function checkSize(inspection: Inspection): Promise<Finding | undefined> {
  // Of an embedded one the files are counted.
  if (inspection.engine === 'PGlite') return undefined;
  const { bytes } = await one<{ bytes: number }>(
    inspection,
    'select pg_database_size(current_database())::float8 as bytes',
  );
  return { health: 'ok', found: `The database takes ${sizeText(bytes)} on its server.`, values: { bytes } };
}

async function checkConnections(inspection: Inspection): Promise<Finding | undefined> {
  if (inspection.engine === 'PGlite') return undefined;
  const { used, most } = await one<{ used: number; most: number }>(
    inspection,
    `select (select sum(numbackends) from pg_stat_database)::int as used,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most`,
  );
  const found = `${used} of ${most} connections of the server are in use.`;
  const values = { used, most };
  if (used < most * MANY_CONNECTIONS) return { health: 'ok', found, values };
  return {
    health: used < most * NEARLY_ALL_CONNECTIONS ? 'warning' : 'problem',
    found,
    advice: 'Run fewer programs at once, put a pooler before the server, or raise max_connections.',
    values,
  };
}

async function checkRights(inspection: Inspection): Promise<Finding> {
  const row = await one<{
    role: string;
    reads: boolean;
    adds: boolean;
    owns: boolean;
    gateway: boolean;
    standby: boolean;
    frozen: boolean;
  }>(
    inspection,
    `select current_user::text as role, bool_and(has_table_privilege(oid, 'select')) as reads,
      bool_and(has_table_privilege(oid, 'insert')) as adds, bool_and(pg_has_role(relowner, 'usage')) as owns,
      has_table_privilege('gateway_approvals', 'select') as gateway, pg_is_in_recovery() as standby,
      current_setting('default_transaction_read_only')::boolean as frozen
    from pg_class where oid in ('servers'::regclass, 'scans'::regclass, 'texts'::regclass, 'listings'::regclass,
      'listing_tools'::regclass, 'tool_versions'::regclass, 'classifications'::regclass)`,
  );
  const { role, reads, adds, owns, gateway, standby, frozen } = row;
  const mayWrite = adds && !standby && !frozen;
  const values = { role, mayRead: reads, mayWrite, mayMigrate: owns && mayWrite };
  if (inspection.engine === 'PGlite')
    return { health: 'ok', found: 'The tables can be read and written.', values };
  if (!reads) {
    return {
      health: 'problem',
      found: `The role ${role} may not read all tables.`,
      advice: 'Grant it what docs/operations.md lists for a role that reads.',
      values,
    };
  }
  if (mayWrite) {
    const migrates = owns ? 'and bring the tables up to date' : 'and not change the tables';
    return { health: 'ok', found: `The role ${role} may read, add ${migrates}.`, values };
  }
  const why = standby ? ', because the server is a standby' : '';
  const found = `The role ${role} may read and not write${why}. That is enough to build the site and to search.`;
  if (!gateway || standby || owns) return { health: 'ok', found, values };
  return {
    health: 'warning',
    found: `${found} It may also read the gateway's tables, which have the arguments of calls in them.`,
    advice: `Revoke that: revoke all on gateway_approvals, gateway_steps from "${role}".`,
    values,
  };
}

async function checkScans(inspection: Inspection, now: Date): Promise<Finding> {
  // The newest by number: there is no index by time alone, and a catalogue has millions.
  const { servers, newest } = await one<{ servers: number; newest: number | null }>(
    inspection,
    `select (select count(*) from servers)::int as servers, extract(epoch from max(observed_at))::float8 as newest
      from (select observed_at from scans order by id desc limit 100) s`,
  );
  if (newest === null) {
    return {
      health: 'ok',
      found: 'There is no scan yet. `catalogue scan npm:<package>` makes one.',
      values: { servers, newest: null },
    };
  }
  const at = new Date(newest * 1000);
  const ageMs = now.getTime() - at.getTime();
  const found = `${plural(servers, 'server')}; the newest scan is of ${minuteText(at)}, ${ageText(ageMs)} ago.`;
  const values = { servers, newest: at.toISOString() };
  if (ageMs < OLD_SCAN_DAYS * DAY_MS) return { health: 'ok', found, values };
  return {
    health: 'warning',
    found,
    advice: 'What the servers list now is not known. Run `catalogue crawl` or `catalogue scan` again.',
    values,
  };
}

async function checkPasses(inspection: Inspection, now: Date): Promise<Finding> {
  const rows = await inspection.read<{ source: string; ref: string; begun: number; all: number }>(
    `select c.source, c.ref, extract(epoch from c.started_at)::float8 as begun, (count(*) over ())::int as all
      from crawls c left join crawl_ends e on e.crawl_id = c.id
      where e.crawl_id is null order by c.started_at, c.id limit 3`,
  );
  const [oldest] = rows;
  if (oldest === undefined)
    return { health: 'ok', found: 'No pass over a source is open.', values: { open: 0 } };
  const ageOf = (begun: number) => now.getTime() - begun * 1000;
  const listed = rows
    .map(({ source, ref, begun }) => `${source} ${ref} (${ageText(ageOf(begun))})`)
    .join(', ');
  const more = oldest.all > rows.length ? ` and ${oldest.all - rows.length} more` : '';
  const found = `${plural(oldest.all, 'pass', 'passes')} over a source ${oldest.all === 1 ? 'has' : 'have'} begun and not ended: ${listed}${more}.`;
  const values = { open: oldest.all, oldestBegunAt: new Date(oldest.begun * 1000).toISOString() };
  if (ageOf(oldest.begun) < OLD_PASS_DAYS * DAY_MS) return { health: 'ok', found, values };
  return {
    health: 'warning',
    found,
    advice:
      'The same `catalogue crawl` takes a pass up where it was; `catalogue prune` leaves its scans alone until then.',
    values,
  };
}

async function checkBacklog(inspection: Inspection): Promise<Finding> {
  const { waiting } = await one<{ waiting: number }>(
    inspection,
    'select count(distinct server_id)::int as waiting from search_backlog',
  );
  const values = { waiting };
  if (waiting === 0) return { health: 'ok', found: 'The search has everything.', values };
  const found = `The search does not have the newest list of ${plural(waiting, 'server')} yet.`;
  if (waiting < LONG_BACKLOG) return { health: 'ok', found, values };
  const advice = 'The next `catalogue search` or crawl with a role that may write makes it complete.';
  return { health: 'warning', found, advice, values };
}

async function checkDeadRows(inspection: Inspection): Promise<Finding | undefined> {
  if (inspection.engine === 'PGlite') return undefined;
  const rows = await inspection.read<{ name: string; dead: number; live: number }>(
    `select relname::text as name, n_dead_tup::float8 as dead, n_live_tup::float8 as live from pg_stat_user_tables
      where schemaname = 'public' and n_dead_tup >= ${MANY_DEAD_ROWS}
        and n_dead_tup > ${LARGE_DEAD_PART} * (n_live_tup + n_dead_tup)
      order by n_dead_tup desc, relname`,
  );
  if (rows.length === 0) return undefined;
  const names = rows.map(({ name, dead }) => `${name} (${dead})`).join(', ');
  return {
    health: 'warning',
    found: `Tables with many removed rows that are not cleared away: ${names}.`,
    advice: "See whether the server's autovacuum runs, or run VACUUM as the owner.",
    values: { tables: rows.length },
  };
}

async function checkGateway(inspection: Inspection, now: Date): Promise<Finding | undefined> {
  const { allowed } = await one<{ allowed: boolean }>(
    inspection,
    `select has_table_privilege('gateway_approvals', 'select') and has_table_privilege('gateway_steps', 'select')
      as allowed`,
  );
  if (!allowed) return undefined;
  const { approvals, waiting, steps } = await one<{ approvals: number; waiting: number; steps: number }>(
    inspection,
    `select count(*)::int as approvals,
      count(*) filter (where state = 'pending' and expires_at > ${now.getTime()})::int as waiting,
      (select count(*) from gateway_steps)::int as steps
    from gateway_approvals`,
  );
  if (approvals + steps === 0) return undefined;
  const calls =
    waiting === 0 ? 'no call waits' : `${plural(waiting, 'call')} ${waiting === 1 ? 'waits' : 'wait'}`;
  return {
    health: 'ok',
    found: `Gateways share counters (${plural(steps, 'row')}) and approvals (${plural(approvals, 'row')}) here; ${calls} for a person.`,
    values: { approvals, waiting, steps },
  };
}
