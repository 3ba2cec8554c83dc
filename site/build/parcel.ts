import type { ServerSheet, ToolView } from '../../catalogue/contract.ts';
import type { ServerTask } from './make-server.ts';

/**
 * A task as a text, to be handed to a thread: to copy one text costs a fraction of copying all that it says. The parts of
 * a definition that are parts of what the server sent are left out and put back, so that they are the same again.
 */

const PARTS = ['inputSchema', 'outputSchema', 'annotations'] as const;
type Part = (typeof PARTS)[number];

export function packTask({ server, ...task }: ServerTask): string {
  const tools = server.tools.map((tool) => ({ ...tool, definition: without(tool.definition) }));
  return JSON.stringify({ ...task, server: { ...server, tools } });
}

export function unpackTask(text: string): ServerTask {
  const task: ServerTask = JSON.parse(text);
  const tools = task.server.tools.map((tool) => ({ ...tool, definition: restored(tool.definition) }));
  const server: ServerSheet = { ...task.server, tools };
  return { ...task, server };
}

function without(definition: ToolView['definition']) {
  const same = PARTS.filter((part) => isSent(definition, part));
  return { ...definition, ...Object.fromEntries(same.map((part) => [part, undefined])), same };
}

/** Whether the part is the very thing that the server sent; a page says where it is not. */
function isSent(definition: ToolView['definition'], part: Part): boolean {
  return definition[part] !== undefined && definition[part] === definition.wire[part];
}

function restored({
  same,
  ...definition
}: ToolView['definition'] & { same?: Part[] }): ToolView['definition'] {
  const parts = (same ?? []).map((part) => [part, definition.wire[part]] as const);
  return { ...definition, ...Object.fromEntries(parts) };
}
