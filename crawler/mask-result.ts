import type { CrawlResult, ServerTarget, ToolDefinition } from './contract.ts';
import { readTool } from './definition.ts';
import { type KnownValue, knownValues, MASK, maskValues, screenArgs, screenTarget } from './secrets.ts';
import { count } from './text.ts';

/**
 * The result as it may be stored: target and arguments screened, and no value that was given to the server repeated in
 * a message. In what the server declares, which is evidence, only values that are beyond doubt secret are replaced.
 * `named` holds the variables and headers given to the server, by name.
 */
export function maskResult(
  result: CrawlResult,
  target: ServerTarget,
  named: Readonly<Record<string, string>>,
): CrawlResult {
  const known = knownValues(target, named);
  const secrets = known.filter(({ secret }) => secret);
  const head = {
    target: screenTarget(result.target),
    context: { ...result.context, args: screenArgs(result.context.args) },
  };
  if (result.status === 'failed') {
    const { failure } = result;
    const message = maskValues(failure.message, known);
    const detail = failure.detail === undefined ? {} : { detail: maskValues(failure.detail, known) };
    return { ...result, ...head, failure: { ...failure, message, ...detail } };
  }

  const tools = result.tools.map((tool) => maskTool(tool, secrets));
  const changed = tools.filter((tool, index) => tool !== result.tools[index]).length;
  const warnings = result.warnings.map((warning) => maskValues(warning, known));
  const repeats = `${count(changed, 'tool')} repeated a secret value given to the server; it reads ${MASK} here.`;
  return {
    ...result,
    ...head,
    serverInfo: maskStrings(result.serverInfo, secrets),
    ...(result.instructions !== undefined && { instructions: maskValues(result.instructions, secrets) }),
    tools,
    rejected: result.rejected.map((rejected) => maskStrings(rejected, known)),
    warnings: changed > 0 ? [...warnings, repeats] : warnings,
  };
}

function maskTool(tool: ToolDefinition, secrets: readonly KnownValue[]): ToolDefinition {
  if (secrets.length === 0) return tool;
  const text = JSON.stringify(tool.wire);
  const escaped = secrets.map((known) => ({ ...known, value: JSON.stringify(known.value).slice(1, -1) }));
  if (!escaped.some(({ value }) => text.includes(value))) return tool;
  // Read again rather than patched, so that fields and hash follow from the wire form as they always do.
  const read = readTool(maskStrings(tool.wire, secrets), tool.position);
  return read.ok ? read.tool : tool;
}

/** A copy of a JSON value, not nested deeper than the stack allows, with its texts and keys masked. */
function maskStrings<T>(value: T, secrets: readonly KnownValue[]): T {
  const mask = (_key: string, child: unknown): unknown => {
    if (typeof child === 'string') return maskValues(child, secrets);
    if (typeof child !== 'object' || child === null || Array.isArray(child)) return child;
    return Object.fromEntries(
      Object.entries(child).map(([key, member]) => [maskValues(key, secrets), member]),
    );
  };
  return JSON.parse(JSON.stringify(value), mask) as T;
}
