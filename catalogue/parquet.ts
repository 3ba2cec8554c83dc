import type { ServerView } from './contract.ts';
import { PARQUET_ROW_GROUP } from './limits.ts';

/** The tools that all servers list now, one a row, for analysis in other programs. */

type ParquetType = 'STRING' | 'BOOLEAN' | 'INT32' | 'TIMESTAMP';

interface ParquetColumn {
  name: string;
  type: ParquetType;
  /** For the documentation, in a few words. */
  meaning: string;
  of(server: ServerView, tool: ServerView['tools'][number]): string | boolean | number | Date | undefined;
}

/** The columns, in their order. Names and types are published: new ones may be added, none is given another meaning. */
export const PARQUET_COLUMNS: readonly ParquetColumn[] = [
  { name: 'server', type: 'STRING', meaning: 'slug of the server', of: ({ slug }) => slug },
  { name: 'server_id', type: 'STRING', meaning: 'id of the server', of: ({ id }) => id },
  { name: 'tool', type: 'STRING', meaning: 'name of the tool', of: (_, tool) => tool.definition.name },
  { name: 'hash', type: 'STRING', meaning: 'hash of the definition', of: (_, tool) => tool.definition.hash },
  {
    name: 'category',
    type: 'STRING',
    meaning: '`Read`, `Write` or `Execute`',
    of: (_, { classification }) => classification.category,
  },
  {
    name: 'risk',
    type: 'STRING',
    meaning: '`low`, `medium`, `high` or `critical`',
    of: (_, { classification }) => classification.risk,
  },
  {
    name: 'confidence',
    type: 'STRING',
    meaning: '`high`, `medium` or `low`',
    of: (_, { classification }) => classification.confidence,
  },
  {
    name: 'destructive',
    type: 'BOOLEAN',
    meaning: 'whether it can destroy something',
    of: (_, { classification }) => classification.destructive,
  },
  {
    name: 'financial',
    type: 'BOOLEAN',
    meaning: 'whether it can move money',
    of: (_, { classification }) => classification.financial,
  },
  {
    name: 'signals',
    type: 'STRING',
    meaning: 'ids of the signals that are present, with a blank between them',
    of: (_, { classification }) =>
      classification.findings
        .filter(({ outcome }) => outcome === 'present')
        .map(({ signal }) => signal)
        .join(' '),
  },
  {
    name: 'description',
    type: 'STRING',
    meaning: 'description of the tool, as the server sent it; null where it sent none',
    of: (_, tool) => tool.definition.description,
  },
  {
    name: 'parameters',
    type: 'INT32',
    meaning: 'how many parameters the tool has at the top level',
    of: (_, tool) => parameterCount(tool.definition.inputSchema),
  },
  {
    name: 'reviewer',
    type: 'STRING',
    meaning: '`rules`, a model, or the person who corrected the verdict',
    of: (_, { classification }) => classification.reviewer,
  },
  {
    name: 'classifier_version',
    type: 'STRING',
    meaning: 'version of the classifier',
    of: (_, { classification }) => classification.classifierVersion,
  },
  {
    name: 'first_seen',
    type: 'TIMESTAMP',
    meaning: 'when the server was first seen to list this definition, UTC',
    of: (_, tool) => new Date(tool.firstSeenAt),
  },
  {
    name: 'last_seen',
    type: 'TIMESTAMP',
    meaning: 'when it was last seen to',
    of: (_, tool) => new Date(tool.lastSeenAt),
  },
];

function parameterCount({ properties }: Record<string, unknown>): number {
  return typeof properties === 'object' && properties !== null ? Object.keys(properties).length : 0;
}

/**
 * Gives a Parquet file, some bytes at a time and no more than a row group in memory. `progress` is called as tools are
 * written, with how many were.
 */
export async function* parquetOf(
  servers: AsyncIterable<ServerView>,
  progress: (tools: number) => void,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const writer = new ByteWriter();
  const taken = () => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  const empty = PARQUET_COLUMNS.map(({ name, type }) => ({ name, type, data: [] }));
  const file = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: empty }) });
  let written = 0;
  for await (const rows of rowGroups(servers)) {
    const columnData = PARQUET_COLUMNS.map(({ name, type }, column) => ({
      name,
      type,
      data: rows.map((row) => row[column]),
    }));
    await file.write({ columnData, rowGroupSize: rows.length });
    written += rows.length;
    progress(written);
    yield taken();
  }
  await file.finish();
  yield taken();
}

type Row = ReturnType<ParquetColumn['of']>[];

async function* rowGroups(servers: AsyncIterable<ServerView>): AsyncGenerator<Row[]> {
  let rows: Row[] = [];
  for await (const server of servers) {
    for (const tool of server.tools) {
      rows.push(PARQUET_COLUMNS.map(({ of }) => of(server, tool)));
      if (rows.length < PARQUET_ROW_GROUP) continue;
      yield rows;
      rows = [];
    }
  }
  if (rows.length > 0) yield rows;
}
