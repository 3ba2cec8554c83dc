import type { ServerView, ToolView } from '../../catalogue/contract.ts';
import type { Parameter } from '../../classifier/parameters.ts';
import { numberEvidence, parametersOf, type References } from '../evidence.ts';
import { toolPath } from '../links.ts';
import type { Namesakes } from '../policy-text.ts';
import { type ShownSignal, shownSignals } from '../signals.ts';
import type { Site } from '../site.ts';
import { shownName } from '../words.ts';

/** Everything that the sections of one tool's page share. */
export interface Subject {
  site: Site;
  server: ServerView;
  tool: ToolView;
  path: string;
  /** The name as it can be shown in a sentence. */
  name: string;
  same: Namesakes;
  signals: readonly ShownSignal[];
  parameters: readonly Parameter[];
  references: References;
}

export function describeTool(site: Site, server: ServerView, tool: ToolView, same: Namesakes): Subject {
  const { definition, classification } = tool;
  return {
    site,
    server,
    tool,
    path: toolPath(server, tool),
    name: shownName(definition.name),
    same,
    signals: shownSignals(classification),
    parameters: parametersOf(definition.inputSchema),
    references: numberEvidence(classification, definition.description ?? ''),
  };
}
