import { sql } from 'drizzle-orm';
import type { ToolDefinition } from '../crawler/contract.ts';
import type { Database } from './database.ts';
import { recordset } from './recordset.ts';
import { searchWords } from './search-words.ts';
import { indexable } from './servers.ts';

/** Keeps `current_tools` as the newest lists and verdicts have it; see `schema.ts`. */

const CURRENT = {
  server_id: 'bigint',
  position: 'integer',
  tool_hash: 'text',
  name: 'text',
  name_words: 'smallint',
  words: 'text',
};

/** The words of a classification `c` that a search filters by; as `facetsOf` in `search-words.ts` has them. */
const FACETS = sql.raw(
  `array['category=' || c.category, 'risk=' || c.risk] || array(select 'signal=' || s from unnest(c.signals) s)`,
);

const RISK_RANK = sql.raw(`array_position(array['critical', 'high', 'medium', 'low'], c.risk) - 1`);

/** Puts these tools in the place of those that the servers listed before. Tools and verdicts are stored already. */
export async function replaceCurrentTools(
  tx: Database,
  changed: ReadonlyMap<number, readonly ToolDefinition[]>,
): Promise<void> {
  if (changed.size === 0) return;
  const spoken = new Set<string>();
  const rows = [...changed].flatMap(([serverId, tools]) =>
    tools.map((tool) => {
      const words = searchWords(tool);
      for (const word of words.spoken) spoken.add(word);
      return {
        server_id: serverId,
        position: tool.position,
        tool_hash: tool.hash,
        name: indexable(tool.name),
        name_words: words.nameWords,
        words: words.lexemes.join(' '),
      };
    }),
  );
  const servers = JSON.stringify([...changed.keys()]);
  await tx.execute(sql`
    delete from current_tools
    where server_id in (select value::bigint from jsonb_array_elements_text(${servers}::jsonb))`);
  await tx.execute(sql`
    insert into current_tools
      (server_id, position, tool_hash, classification_id, name, name_words, risk_rank, search)
    select r.server_id, r.position, r.tool_hash, c.id, r.name, r.name_words, ${RISK_RANK},
      array_to_tsvector(string_to_array(r.words, ' ') || ${FACETS})
    from ${recordset(rows, CURRENT)}
    cross join lateral (
      select id, category, risk, signals from classifications
      where tool_hash = r.tool_hash collate "C" order by id desc limit 1
    ) c`);
  await tx.execute(sql`
    insert into search_words (word)
    select value from jsonb_array_elements_text(${JSON.stringify([...spoken].toSorted())}::jsonb)
    on conflict do nothing`);
}

/** Shows new verdicts wherever their tools are listed now. */
export async function refreshCurrentVerdicts(
  tx: Database,
  classificationIds: readonly number[],
): Promise<void> {
  if (classificationIds.length === 0) return;
  await tx.execute(sql`
    update current_tools t
    set classification_id = c.id, risk_rank = ${RISK_RANK},
      search = array_to_tsvector(
        array(select w from unnest(tsvector_to_array(t.search)) w where w !~ '^(category|risk|signal)=') || ${FACETS})
    from classifications c
    where c.id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(classificationIds)}::jsonb))
      and t.tool_hash = c.tool_hash and t.classification_id < c.id`);
}

/** Puts servers on the list of those whose rows are to be made anew. */
export async function markForSearch(tx: Database, serverIds: readonly number[]): Promise<void> {
  if (serverIds.length === 0) return;
  await tx.execute(sql`
    insert into search_backlog (server_id)
    select value::bigint from jsonb_array_elements_text(${JSON.stringify(serverIds)}::jsonb)`);
}
