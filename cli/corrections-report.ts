import type { CorrectionState, LocatedCorrection } from '../catalogue/corrections.ts';
import { visible } from '../site/visible.ts';
import { count, kindOf, shownName } from '../site/words.ts';
import { wrap } from './terminal.ts';

/** A correction, and how it stands against the catalogue. */
export interface SurveyedCorrection extends LocatedCorrection {
  state: CorrectionState;
}

const HASH_CHARS = 12;

/** The JSON of one correction for programs. */
export function publishCorrection({ entry, file, line, state }: SurveyedCorrection): Record<string, unknown> {
  const { status } = state;
  return {
    ...entry,
    file,
    line,
    status,
    ...(status === 'unknown' && { missing: state.what }),
    ...(status === 'expired' && { slug: state.server.slug, hashesNow: state.hashes }),
    ...(status === 'active' && {
      slug: state.server.slug,
      replaced: state.classification.correction?.replaced,
    }),
  };
}

/** What a person reads of the corrections: what each does, or why it does nothing. */
export function correctionsText(corrections: readonly SurveyedCorrection[], columns: number): string {
  const by = Map.groupBy(corrections, ({ state }) => state.status);
  const counts = (['active', 'expired', 'unknown'] as const).map(
    (status) => `${by.get(status)?.length ?? 0} ${status}`,
  );
  const each = corrections.map((correction) => {
    const { entry, file, line, state } = correction;
    const head = `${state.status.padEnd('expired'.length)}  ${shownName(entry.tool)} on ${visible(entry.server)}\n`;
    return [
      head,
      wrap(`${standing(correction)}`, columns, '  '),
      wrap(
        `${visible(entry.by)}${entry.date === undefined ? '' : `, ${entry.date}`}: ${visible(entry.reason)}`,
        columns,
        '  ',
      ),
      wrap(`${visible(file)} line ${line}`, columns, '  '),
    ].join('');
  });
  return `${each.join('\n')}\n${count(corrections.length, 'correction')}: ${counts.join(', ')}\n`;
}

function standing({ entry, state }: SurveyedCorrection): string {
  if (state.status === 'active') {
    const { classification } = state;
    const { replaced } = classification.correction ?? {};
    const before = replaced === undefined ? 'unknown' : `${kindOf(replaced)}, ${replaced.risk} risk`;
    return `${before} became ${kindOf(classification)}, ${classification.risk} risk.`;
  }
  if (state.status === 'expired') {
    const now = state.hashes.map((hash) => hash.slice(0, HASH_CHARS)).join(', ');
    return `The definition has changed: ${entry.hash.slice(0, HASH_CHARS)} was corrected, now it is ${now}. Read it again, then give the new hash or remove the correction.`;
  }
  return state.what === 'server'
    ? 'There is no such server in the catalogue; `catalogue list` shows those that are.'
    : 'The server lists no such tool.';
}
