import type { ServerSheet, ToolChange, ToolState, VanishedTool } from '../../catalogue/contract.ts';
import type { Classification, Evidence, PresentFinding, Ruling } from '../../classifier/contract.ts';
import type { SiteSettings, ToolLink } from '../contract.ts';
import { parametersOf, presentFindings } from '../evidence.ts';
import { absolute, href, serverPath, toolBadgePath, toolJsonPath, toolPath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { type Namesakes, namesakes } from '../policy-text.ts';
import { jsonLine, type ToolTwin } from '../published.ts';
import { reasonOf, titleOf } from '../signals.ts';

export const page = defineServerPage({
  id: 'tool-json',
  title: 'Tool as data',
  summary: 'The datasheet of one tool for programs: everything that its page tells, as JSON.',
  *entries({ settings, server, related }) {
    const byName = namesakes(server);
    const changes = Map.groupBy(server.changes, ({ name }) => name);
    for (const tool of server.tools) {
      const { name } = tool.definition;
      const of = {
        settings,
        server,
        history: changes.get(name) ?? [],
        related: related.get(tool.slug) ?? [],
      };
      yield {
        path: toolJsonPath(server, tool),
        render: () => jsonLine(twinOf(of, tool, { same: byName.get(name) })),
      };
    }
    for (const tool of server.vanished) {
      const { classification, definition, vanishedAt } = tool;
      if (classification === undefined) continue;
      const of = { settings, server, history: changes.get(definition.name) ?? [], related: [] };
      yield {
        path: toolJsonPath(server, tool),
        render: () => jsonLine(twinOf(of, { ...tool, classification }, { vanishedAt })),
      };
    }
  },
});

interface Surroundings {
  settings: SiteSettings;
  server: ServerSheet;
  history: readonly ToolChange[];
  related: readonly ToolLink[];
}

interface JudgedTool extends Pick<VanishedTool, 'slug' | 'definition' | 'firstSeenAt'> {
  classification: Classification;
}

/**
 * Everything that a tool's page tells. It has no date of the newest scan, nor anything else that is another after every
 * crawl while the tool is the same: the files of 600,000 tools would be written anew each time. The server's twin has
 * those dates.
 */
function twinOf(
  { settings, server, history, related }: Surroundings,
  tool: JudgedTool,
  { same, vanishedAt }: { same?: Namesakes | undefined; vanishedAt?: string },
): ToolTwin {
  const { definition, classification } = tool;
  const { correction, review } = classification;
  const path = toolJsonPath(server, tool);
  const to = (target: string) => absolute(settings, target) ?? href(path, target);
  return {
    format: 'tool-risk-catalogue/tool-1',
    name: definition.name,
    slug: tool.slug,
    server: { slug: server.slug, id: server.id, label: server.label },
    addresses: {
      page: to(toolPath(server, tool)),
      json: to(path),
      badge: to(toolBadgePath(server, tool)),
      server: to(serverPath(server)),
    },
    hash: definition.hash,
    definition: definition.wire,
    firstSeenAt: tool.firstSeenAt,
    vanishedAt,
    ...rulingOf(classification),
    alternative: classification.alternative,
    evidence: classification.evidence.map(evidenceOf),
    signals: presentFindings(classification).map(signalOf),
    unknownSignals: classification.findings
      .filter(({ outcome }) => outcome === 'error')
      .map(({ signal }) => signal),
    hints: classification.hints.map(({ hint, claim, verdict }) => ({ hint, claim, verdict })),
    parameters: parametersOf(definition.inputSchema).map(({ path: at, types, required }) => ({
      path: at,
      types: [...types],
      required,
    })),
    policy: same?.document,
    reviewer: classification.reviewer,
    classifierVersion: classification.classifierVersion,
    signalSetHash: classification.signalSetHash,
    correction: correction && {
      by: correction.by,
      reason: correction.reason,
      replaced: rulingOf(correction.replaced),
    },
    review: review && reviewOf(review),
    related: related.map((link) => relatedOf(link, to)),
    history: history.map(changeOf),
  };
}

function rulingOf({ category, destructive, financial, risk, confidence, rationale }: Ruling): Ruling {
  return { category, destructive, financial, risk, confidence, rationale };
}

function evidenceOf({ pointer, quote, note, parameter }: Evidence): ToolTwin['evidence'][number] {
  return { pointer, quote, note, parameter };
}

function signalOf({
  signal,
  confidence,
  raises,
  effects,
  evidence,
}: PresentFinding): ToolTwin['signals'][number] {
  return {
    id: signal,
    label: titleOf(signal),
    why: reasonOf(signal),
    confidence,
    raises,
    effects,
    parameters: [...new Set(evidence.flatMap(({ parameter }) => parameter ?? []))],
    evidence: evidence.map(evidenceOf),
  };
}

function reviewOf({
  model,
  promptVersion,
  opinion,
  outcome,
  rules,
}: NonNullable<Classification['review']>): ToolTwin['review'] {
  const { category, destructive, financial, rationale, evidence } = opinion;
  return {
    model,
    promptVersion,
    opinion: { category, destructive, financial, rationale, evidence: evidenceOf(evidence) },
    outcome,
    rules: rulingOf(rules),
  };
}

function relatedOf({ server, tool }: ToolLink, to: (target: string) => string): ToolTwin['related'][number] {
  return {
    name: tool.name,
    server: { slug: server.slug, label: server.label },
    category: tool.category,
    risk: tool.risk,
    json: to(toolJsonPath(server, tool)),
  };
}

function changeOf({ kind, at, raises, reasons, before, after }: ToolChange): ToolTwin['history'][number] {
  return {
    kind,
    at,
    raises,
    reasons,
    before: before && stateOf(before),
    after: after && stateOf(after),
  };
}

function stateOf({ hash, verdict }: ToolState) {
  return { hash, category: verdict?.category, risk: verdict?.risk };
}
