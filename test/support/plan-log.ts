import { connect, createServer, type Server } from 'node:net';

/** A statement as the server executed it. */
interface ExecutedPlan {
  query: string;
  plan: PlanNode;
}

/** A node of PostgreSQL's `EXPLAIN (FORMAT JSON)`. */
export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

export interface PlanLog {
  /** The database, by way of the log. */
  url: string;
  /** What was executed since the last call. */
  take(): ExecutedPlan[];
  close(): void;
}

/**
 * What makes a database send the plan of each statement with the answer; `auto_explain` comes with PostgreSQL. Pages cost
 * about the same in any order, as on a solid-state disk: otherwise tables of a test's size are best read as a whole,
 * which says nothing of large ones.
 */
export function explainingSettings(database: string): string {
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_level': 'notice',
    'auto_explain.log_format': 'json',
    random_page_cost: '1.1',
  };
  return Object.entries(settings)
    .map(([name, value]) => `alter database ${database} set ${name} = '${value}'`)
    .join(';');
}

/**
 * Stands between a program and a database that sends its plans, and keeps them: of every statement that the program
 * makes, with the values that it gave and the settings that it chose.
 */
export async function openPlanLog(url: string): Promise<PlanLog> {
  const real = new URL(url);
  const plans: ExecutedPlan[] = [];
  const server = createServer((client) => {
    const upstream = connect(Number(real.port), real.hostname);
    const read = messageReader((type, body) => {
      const plan = type === 'N' ? planOf(body) : undefined;
      if (plan !== undefined) plans.push(plan);
    });
    upstream.on('data', read);
    upstream.pipe(client).on('error', () => upstream.destroy());
    client.pipe(upstream).on('error', () => client.destroy());
  });
  const own = new URL(url);
  own.port = String(await listen(server));
  return { url: own.href, take: () => plans.splice(0), close: () => server.close() };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** Cuts a server's stream into messages: a letter, four bytes of length, the body (PostgreSQL manual, "Message Formats"). */
function messageReader(use: (type: string, body: Buffer) => void): (chunk: Buffer) => void {
  const HEAD = 5;
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEAD) {
      const end = 1 + rest.readInt32BE(1);
      if (rest.length < end) return;
      use(String.fromCharCode(rest[0] ?? 0), rest.subarray(HEAD, end));
      rest = rest.subarray(end);
    }
  };
}

/** The plan in a notice: fields of a letter and a text, the one with `M` being the message. */
function planOf(body: Buffer): ExecutedPlan | undefined {
  const message = body
    .toString('utf8')
    .split('\0')
    .find((field) => field.startsWith('M'));
  const [, json] = /^Mduration: [^\n]*plan:\n(\{.*)$/s.exec(message ?? '') ?? [];
  if (json === undefined) return undefined;
  const { 'Query Text': query, Plan: plan } = JSON.parse(json);
  return { query, plan };
}

/** The tables that a plan reads row by row from the first to the last. */
export function scannedTables({ 'Node Type': type, 'Relation Name': table, Plans = [] }: PlanNode): string[] {
  return [...(type === 'Seq Scan' && table !== undefined ? [table] : []), ...Plans.flatMap(scannedTables)];
}
