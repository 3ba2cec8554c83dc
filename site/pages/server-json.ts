import type { ScanRecord, ServerSheet, ToolView, VanishedTool } from '../../catalogue/contract.ts';
import { findCombinations } from '../../classifier/combinations.ts';
import { contextCost } from '../context-cost.ts';
import type { SiteSettings } from '../contract.ts';
import { presentFindings } from '../evidence.ts';
import {
  absolute,
  href,
  policyPath,
  serverBadgePath,
  serverFeedPath,
  serverJsonPath,
  serverPath,
  toolJsonPath,
} from '../links.ts';
import { defineServerPage } from '../page.ts';
import { jsonLine, type ServerTwin } from '../published.ts';
import { countCategories, countRisks } from '../totals.ts';

export const page = defineServerPage({
  id: 'server-json',
  title: 'Server as data',
  summary: 'One server for programs: how it was listed, its tools in short, and the way to each, as JSON.',
  *entries({ settings, server }) {
    yield { path: serverJsonPath(server), render: () => jsonLine(twinOf(settings, server)) };
  },
});

function twinOf(settings: SiteSettings, server: ServerSheet): ServerTwin {
  const path = serverJsonPath(server);
  const to = (target: string) => absolute(settings, target) ?? href(path, target);
  const verdicts = server.tools.map(({ classification }) => classification);
  return {
    format: 'tool-risk-catalogue/server-1',
    slug: server.slug,
    id: server.id,
    label: server.label,
    addresses: {
      page: to(serverPath(server)),
      json: to(path),
      policy: to(policyPath(server)),
      feed: to(serverFeedPath(server)),
      badge: to(serverBadgePath(server)),
    },
    origins: server.origins.map(({ source, ref, version }) => ({ source, ref, version })),
    transport: transportOf(server),
    firstSeenAt: server.firstSeenAt,
    lastScan: lastScanOf(server.lastScan),
    listing: server.listing && listingOf(server.listing),
    classifierVersion: settings.classifierVersion,
    counts: {
      tools: server.tools.length,
      risks: countRisks(verdicts),
      categories: countCategories(verdicts),
      destructive: verdicts.filter(({ destructive }) => destructive).length,
      financial: verdicts.filter(({ financial }) => financial).length,
    },
    contextCost: contextCost(server),
    combinations: combinationsOf(server),
    tools: server.tools.map((tool) => toolOf(tool, to(toolJsonPath(server, tool)))),
    vanished: server.vanished.map((tool) => vanishedOf(tool, to(toolJsonPath(server, tool)))),
  };
}

/** Without arguments, which were screened but may still be somebody's own, and without folders of a machine. */
function transportOf({ transport }: ServerSheet): ServerTwin['transport'] {
  return transport.kind === 'stdio'
    ? { kind: 'stdio', command: transport.command, envNames: transport.envNames }
    : { kind: 'http', url: transport.url, headerNames: transport.headerNames };
}

function lastScanOf({ observedAt, status, phase, failure }: ScanRecord): ServerTwin['lastScan'] {
  return { observedAt, status, phase, failure: failure && { code: failure.code, message: failure.message } };
}

function listingOf(scan: ScanRecord): ServerTwin['listing'] {
  const { observedAt, status, provenance, context, serverInfo, instructions, warnings, rejected } = scan;
  const { name, title, version } = serverInfo;
  return {
    observedAt,
    status,
    provenance,
    protocolVersion: context.protocolVersion,
    serverInfo: { name, title, version },
    instructions,
    warnings,
    rejected: rejected.map(({ position, label, reason }) => ({ position, label, reason })),
  };
}

function combinationsOf(server: ServerSheet): ServerTwin['combinations'] {
  const tools = server.tools.map(({ definition, classification }) => ({
    server: server.slug,
    tool: definition.name,
    classification,
  }));
  return findCombinations(tools).map(({ id, title, why, parts }) => ({
    id,
    title,
    why,
    parts: parts.map(({ role, tools: able }) => ({ role, tools: able.map(({ tool }) => tool) })),
  }));
}

function toolOf(
  { slug, definition, classification, firstSeenAt, lastSeenAt }: ToolView,
  json: string,
): ServerTwin['tools'][number] {
  const { category, risk, destructive, financial } = classification;
  return {
    slug,
    name: definition.name,
    category,
    risk,
    destructive,
    financial,
    signals: presentFindings(classification).map(({ signal }) => signal),
    firstSeenAt,
    lastSeenAt,
    json,
  };
}

function vanishedOf(
  { slug, definition, classification, lastSeenAt, vanishedAt }: VanishedTool,
  json: string,
): ServerTwin['vanished'][number] {
  return {
    slug,
    name: definition.name,
    lastSeenAt,
    vanishedAt,
    category: classification?.category,
    risk: classification?.risk,
    json: classification && json,
  };
}
