import type { PolicyDocument } from '../../policy/contract.ts';
import type { ToolBrief } from '../brief.ts';
import { type Decision, WINDOWS } from '../builder/draft.ts';
import { ruleWord, ruleWords } from '../builder/rule-words.ts';
import { builderPath, href, toolPath } from '../links.ts';
import { visible } from '../visible.ts';
import { kindOf, RISKS } from '../words.ts';
import { element, name as nameOf, riskMark } from './dom.ts';

/** The table in which a person decides about each tool. */

const CHOICES: readonly [value: Decision['choice'], label: string][] = [
  ['allow', 'Allow'],
  ['limit', 'Limit'],
  ['ask', 'Ask a person'],
  ['hide', 'Hide and deny'],
  ['deny', 'Deny'],
];

/** What a limit begins with: the recommendation for a tool that writes. */
const FIRST_LIMIT = { max: 30, window: 'minute' } as const;

/** One field that takes a decision, with a number and a span beside it for a limit. */
export interface DecisionField {
  select: HTMLSelectElement;
  limit: HTMLElement;
  value(): Decision | undefined;
  show(decision: Decision | undefined): void;
}

/** Fills a select, and makes the fields of its limit. `about` names what is decided about, for those who do not see it. */
export function decisionField(
  select: HTMLSelectElement,
  limit: HTMLElement,
  about: string,
  keep: string | undefined,
  changed: () => void,
): DecisionField {
  const max = element('input', {
    type: 'number',
    min: '0',
    step: '1',
    'aria-label': `Calls, ${about}`,
    value: String(FIRST_LIMIT.max),
  });
  const spans = WINDOWS.map((each) =>
    element('option', { value: each }, `${each === 'hour' ? 'an' : 'a'} ${each}`),
  );
  const span = element('select', { 'aria-label': `Span of the limit, ${about}` }, ...spans);
  limit.replaceChildren(max, ' calls ', span);
  const choices = CHOICES.map(([value, label]) => element('option', { value }, label));
  select.replaceChildren(...(keep === undefined ? [] : [element('option', { value: '' }, keep)]), ...choices);
  const toggle = () => {
    limit.hidden = select.value !== 'limit';
  };
  select.addEventListener('change', () => {
    toggle();
    changed();
  });
  max.addEventListener('input', changed);
  span.addEventListener('change', changed);
  toggle();
  return {
    select,
    limit,
    value() {
      const choice = CHOICES.find(([value]) => value === select.value)?.[0];
      if (choice === undefined) return undefined;
      if (choice !== 'limit') return { choice };
      return {
        choice,
        max: max.valueAsNumber,
        window: WINDOWS.find((each) => each === span.value) ?? FIRST_LIMIT.window,
      };
    },
    show(decision) {
      select.value = decision?.choice ?? '';
      if (decision?.choice === 'limit') {
        if (max.valueAsNumber !== decision.max) max.value = String(decision.max);
        span.value = decision.window;
      }
      toggle();
    },
  };
}

/** A row of the table. */
interface Row {
  name: string;
  field: DecisionField;
  /** Says in words what the document does with the tool. */
  say(document: PolicyDocument, isDecided: boolean, origin: string): void;
}

/** The rows, the riskiest first; tools that share a name are one row, with the highest risk. */
export function decisionRows(
  body: HTMLElement,
  server: { slug: string; tools: readonly ToolBrief[] },
  changed: () => void,
): Row[] {
  const sorted = server.tools.toSorted((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk));
  const byName = Map.groupBy(sorted, ({ name }) => name);
  const rows = [...byName].map(([name, same], index) => row(server.slug, name, same, index, changed));
  body.replaceChildren(...rows.map(({ line }) => line));
  return rows;
}

function row(
  slug: string,
  name: string,
  same: readonly ToolBrief[],
  index: number,
  changed: () => void,
): Row & { line: HTMLElement } {
  const [first] = same;
  const select = element('select', {
    'aria-labelledby': `tool-${index}`,
    'aria-describedby': `words-${index}`,
  });
  const limit = element('span', { class: 'limit' });
  const words = element('small', { id: `words-${index}` });
  const field = decisionField(select, limit, `tool ${index + 1}`, '', changed);
  const keep = select.options[0];
  const line = element(
    'tr',
    {},
    element('td', {}, first && riskMark(first.risk)),
    element(
      'th',
      { scope: 'row', id: `tool-${index}` },
      element(
        'a',
        { class: 'mono', href: href(builderPath, toolPath({ slug }, first ?? { slug: '' })) },
        nameOf(name),
      ),
      element(
        'small',
        {},
        first === undefined ? '' : kindOf({ destructive: false, financial: false, ...first }),
        same.length > 1 && `; ${same.length} tools share the name`,
      ),
    ),
    element('td', {}, select, limit, words),
  );
  return {
    line,
    name,
    field,
    say(document, isDecided, origin) {
      const text = ruleWords(document, name);
      if (!isDecided && keep !== undefined) keep.text = `${origin}: ${ruleWord(document, name)}`;
      words.textContent = text.includes(',') ? visible(text) : '';
      line.classList.toggle('decided', isDecided);
    },
  };
}
