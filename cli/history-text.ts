import type { ServerHistory } from '../catalogue/contract.ts';
import { visible } from '../site/visible.ts';
import { count, minute } from '../site/words.ts';
import { changeText, contextText, listWords } from './diff-text.ts';
import type { Io } from './io.ts';
import { painter, textColumns, wrap } from './terminal.ts';

/** What happened to a server's tools, each list under the time of its scan. */
export function historyText(history: ServerHistory, io: Pick<Io, 'stdout' | 'env'>): string {
  const { server, first, last, lists, changes } = history;
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  const head = `${paint.strong(visible(server.label))}\n`;
  if (first === undefined || last === undefined) return `${head}\nIts tools have never been listed.\n`;
  const summary = [
    `First listed ${listWords(first)}: ${count(first.toolCount, 'tool')}.`,
    lists === 1
      ? 'The list has been the same since.'
      : `${count(lists, 'list')} in all, the newest of ${listWords(last)}: ${count(last.toolCount, 'tool')}.`,
  ];
  const groups = Map.groupBy(changes, ({ at, step }) => `${at} ${step?.after.scan ?? ''}`);
  const events = [...groups.values()].map((group) => {
    const [{ at = '', step } = {}] = group;
    const heading = step === undefined ? `${minute(at)}, judged again` : listWords(step.after);
    return [
      `\n${paint.strong(heading)}\n`,
      ...(step === undefined ? [] : [contextText(step, columns)]),
      ...group.map((change) => changeText(change, paint, columns)),
    ].join('');
  });
  const none = changes.length === 0 ? ['\nNothing has changed.\n'] : [];
  return [head, wrap(summary.join(' '), columns, ''), ...events, ...none].join('');
}
