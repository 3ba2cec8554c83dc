import { signalEntries } from '../classifier/classify.ts';
import type { Category, Classification } from '../classifier/contract.ts';
import { compareText } from '../policy/order.ts';
import { visible } from '../site/visible.ts';
import { count, RISKS, shownName } from '../site/words.ts';
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
      const line = `${painter.risk(risk)}  ${category.padEnd('Execute'.length)}  ${painter.strong(shown)}\n`;
      const signals = signalEntries(classification).map((signal) => visible(signal.label));
      if (signals.length === 0) return line;
      return line + painter.faint(wrap(signals.join(' · '), columns, SIGNAL_INDENT));
    })
    .join('');
}

/** `19 tools: 10 Read, 5 Write, 4 Execute; 1 critical`. */
export function totalsLine(tools: readonly ListedTool[]): string {
  const { categories, critical } = countTools(tools);
  const parts = Object.entries(categories).map(([category, n]) => `${n} ${category}`);
  return `${count(tools.length, 'tool')}: ${parts.join(', ')}; ${critical} critical`;
}

/** How many tools are in each category, and how many are critical. */
export function countTools(tools: readonly ListedTool[]): {
  categories: Record<Category, number>;
  critical: number;
} {
  const categories = { Read: 0, Write: 0, Execute: 0 };
  let critical = 0;
  for (const { classification } of tools) {
    categories[classification.category]++;
    if (classification.risk === 'critical') critical++;
  }
  return { categories, critical };
}
