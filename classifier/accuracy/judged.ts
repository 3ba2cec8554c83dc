import type { ToolDefinition } from '../../crawler/contract.ts';
import { classifyTool } from '../classify.ts';
import type { Classification } from '../contract.ts';
import type { Judgement } from './contract.ts';
import type { Label, LabelFormat } from './labels.ts';
import { verbListVerdict } from './verb-list.ts';

/** A labelled tool with what each judge says of it. */
export interface Judged {
  label: Label;
  /** Without the server's annotations. */
  verdict: Classification;
  /** With them; missing where they are the label. */
  asSent: Classification | undefined;
  floor: Judgement;
  /** The definition came with an input schema. */
  hasSchema: boolean;
}

/** Judges a labelled tool. The label itself is never seen: of the definition only what a server may send is left. */
export function judgeLabelled(label: Label, definition: ToolDefinition, format: LabelFormat): Judged {
  const sent = withoutKeys(definition, ['label']);
  const { annotations: _, ...bare } = withoutKeys(sent, ['annotations']);
  return {
    label,
    verdict: classifyTool(bare),
    asSent: format.annotationsAreLabel ? undefined : classifyTool(sent),
    floor: verbListVerdict(definition.name),
    hasSchema: Object.hasOwn(definition.wire, 'inputSchema'),
  };
}

function withoutKeys(definition: ToolDefinition, keys: readonly string[]): ToolDefinition {
  const wire = Object.fromEntries(Object.entries(definition.wire).filter(([key]) => !keys.includes(key)));
  return { ...definition, wire };
}
