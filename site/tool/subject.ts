import type { ServerSheet, ToolChange, ToolView } from '../../catalogue/contract.ts';
import type { Parameter } from '../../classifier/parameters.ts';
import type { ServerSubject, SiteSettings, ToolLink } from '../contract.ts';
import { numberEvidence, parametersOf, type References } from '../evidence.ts';
import { toolPath } from '../links.ts';
import type { Namesakes } from '../policy-text.ts';
import { type ShownSignal, shownSignals } from '../signals.ts';
import { shownName } from '../words.ts';

/** Everything that the sections of one tool's page share. */
export interface Subject {
  settings: SiteSettings;
  server: ServerSheet;
  tool: ToolView;
  path: string;
  /** The name as it can be shown in a sentence. */
  name: string;
  same: Namesakes;
  signals: readonly ShownSignal[];
  parameters: readonly Parameter[];
  references: References;
  /** What happened to tools of its name, the newest first. */
  changes: readonly ToolChange[];
  /** Tools like it on other servers. */
  related: readonly ToolLink[];
}

export function describeTool(
  { settings, server, related }: ServerSubject,
  tool: ToolView,
  same: Namesakes,
): Subject {
  const { definition, classification } = tool;
  return {
    settings,
    server,
    tool,
    path: toolPath(server, tool),
    name: shownName(definition.name),
    same,
    signals: shownSignals(classification),
    parameters: parametersOf(definition.inputSchema),
    references: numberEvidence(classification, definition.description ?? ''),
    changes: server.changes.filter(({ name }) => name === definition.name),
    related: related.get(tool.slug) ?? [],
  };
}
