import type { ServerView, ToolView } from '../catalogue/contract.ts';
import type { PolicyDocument, ToolRule } from '../policy/contract.ts';
import { type JudgedTool, recommend } from '../policy/recommend.ts';
import { lowerToPolicyJson } from '../policy/targets/policy-json.ts';
import { visibleJson } from './visible.ts';
import { count, listed, number, shownName } from './words.ts';

/**
 * The tools of one server that share a name, and how many other names the server has. A policy goes by names, so
 * this is what it can tell apart.
 */
export interface Namesakes {
  name: string;
  tools: readonly ToolView[];
  otherNames: number;
  /** The recommended policy that allows no other tool than these. */
  document: PolicyDocument;
}

/** What the pages of one server have of its policy: worked out once, because to recommend is the costly part of a page. */
interface ServerPolicy {
  document: PolicyDocument;
  byName: ReadonlyMap<string, Namesakes>;
}

const KNOWN = new WeakMap<ServerView, ServerPolicy>();

function policyOf(server: ServerView): ServerPolicy {
  const known = KNOWN.get(server);
  if (known !== undefined) return known;
  const document = documentOf(server.tools);
  const rules = new Map(Object.entries(document.tools ?? {}));
  const byName = Map.groupBy(server.tools, (tool) => tool.definition.name);
  const namesakesOf = (name: string, tools: readonly ToolView[]): Namesakes => ({
    name,
    tools,
    otherNames: byName.size - 1,
    document: { ...document, tools: Object.fromEntries([[name, rules.get(name) ?? {}]]) },
  });
  const made = {
    document,
    byName: new Map(byName.entries().map(([name, tools]) => [name, namesakesOf(name, tools)])),
  };
  KNOWN.set(server, made);
  return made;
}

/** The tools of a server by their names. */
export function namesakes(server: ServerView): ReadonlyMap<string, Namesakes> {
  return policyOf(server).byName;
}

/** The whole recommended policy of a server, as the file `policy.json` has it. */
export function serverPolicy(server: ServerView): string {
  return textOf(policyOf(server).document);
}

/** The recommended policy that allows no other tool than this, as it is shown and copied. */
export function toolPolicy(same: Namesakes): string {
  return shownPolicy(textOf(same.document));
}

/** A policy's text for a page: the same JSON value, with hidden characters as JSON escapes. */
export function shownPolicy(text: string): string {
  return visibleJson(text.trimEnd());
}

/** What pasting the tool's policy does, in plain words. */
export function explainToolPolicy(same: Namesakes): string {
  const name = shownName(same.name);
  const rest =
    same.otherNames === 0
      ? 'It is the only tool of this server.'
      : `Everything else on the server (${count(same.otherNames, 'tool')}) is denied.`;
  const rule = ruleOf(same);
  if (rule.deny_if === undefined)
    return `Pasted as it stands, this allows ${name} ${extentOf(rule)}. ${rest}`;
  const message = rule.deny_if[0]?.on_deny ?? '';
  return `Pasted as it stands, this denies every call of ${name}, with the message “${message}” ${rest} A person approves by changing the rule; nothing in the document does.`;
}

/** How far a rule allows its tool, to follow "allows it". */
export function extentOf(rule: ToolRule): string {
  const limits = (rule.limits ?? []).map(
    (limit) => `${number(limit.max)} calls a ${limit.window} for each grant`,
  );
  return limits.length === 0 ? 'without a limit' : `at most ${listed(limits)}`;
}

export function ruleOf(same: Namesakes): ToolRule {
  return new Map(Object.entries(same.document.tools ?? {})).get(same.name) ?? {};
}

/** In the published dialect, which pages show: what a reader pastes must work wherever it is read. */
function documentOf(tools: readonly ToolView[]): PolicyDocument {
  const policy = recommend(tools.map(judged), { shaped: false });
  return lowerToPolicyJson(policy, []).document;
}

function textOf(document: PolicyDocument): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function judged(tool: ToolView): JudgedTool {
  return { name: tool.definition.name, classification: tool.classification };
}
