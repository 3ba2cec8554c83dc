import { signalEntries } from '../classifier/classify.ts';
import type { Category, Classification } from '../classifier/contract.ts';
import { compareText } from '../policy/order.ts';
import { visible } from '../site/visible.ts';
import { count, GROUP_TITLES, marksOf, RISKS, shownName } from '../site/words.ts';
import { type Painter, wrap } from './terminal.ts';

/** A tool as far as its line needs it. */
export interface ListedTool {
  name: string;
  classification: Classification;
}

const MAX_NAME_COLUMNS = 56;
const SIGNAL_INDENT = ' '.repeat(22);

/** One line a tool, the riskiest first, its signals under it: at most `columns` wide wherever words allow. */
export function toolLines(tools: readonly ListedTool[], painter: Painter, columns: number): string {
  return tools
    .toSorted(
      (a, b) =>
        RISKS.indexOf(a.classification.risk) - RISKS.indexOf(b.classification.risk) ||
        compareText(a.name, b.name),
    )
    .map(({ name, classification }) => {
      const { risk, category } = classification;
      const shown = shownName(name, MAX_NAME_COLUMNS);
      const marks = marksOf(classification);
      const marked = marks.length === 0 ? '' : `  (${marks.join(', ')})`;
      const line = `${painter.risk(risk)}  ${category.padEnd('Execute'.length)}  ${painter.strong(shown)}${marked}\n`;
      const signals = signalEntries(classification);
      const labels = (own: typeof signals) => own.map((signal) => visible(signal.label)).join(' · ');
      const attacks = signals.filter(({ group }) => group === 'attack-text');
      const others = signals.filter(({ group }) => group !== 'attack-text');
      const warning = `! ${GROUP_TITLES['attack-text']}: ${labels(attacks)}`;
      return [
        line,
        ...(attacks.length > 0 ? [painter.strong(wrap(warning, columns, SIGNAL_INDENT))] : []),
        ...(others.length > 0 ? [painter.faint(wrap(labels(others), columns, SIGNAL_INDENT))] : []),
      ].join('');
    })
    .join('');
}

/** `19 tools: 10 Read, 5 Write, 4 Execute; 1 critical; 2 corrected`. */
export function totalsLine(tools: readonly ListedTool[]): string {
  const { categories, critical, corrected, reviewed } = countTools(tools);
  const marks = [corrected > 0 && `; ${corrected} corrected`, reviewed > 0 && `; ${reviewed} reviewed`];
  const parts = Object.entries(categories).map(([category, n]) => `${n} ${category}`);
  return `${count(tools.length, 'tool')}: ${parts.join(', ')}; ${critical} critical${marks.filter((mark) => mark !== false).join('')}`;
}

/** How many tools are in each category, are critical, were corrected by a person and have a second opinion. */
export function countTools(tools: readonly ListedTool[]): {
  categories: Record<Category, number>;
  critical: number;
  corrected: number;
  reviewed: number;
} {
  const categories = { Read: 0, Write: 0, Execute: 0 };
  const counts = { critical: 0, corrected: 0, reviewed: 0 };
  for (const { classification } of tools) {
    categories[classification.category]++;
    if (classification.risk === 'critical') counts.critical++;
    if (classification.correction !== undefined) counts.corrected++;
    if (classification.review !== undefined) counts.reviewed++;
  }
  return { categories, ...counts };
}
