import { classifyTool } from '../../classifier/classify.ts';
import type { Classification } from '../../classifier/contract.ts';
import type { ExampleTool } from '../../classifier/signal.ts';
import type { ToolDefinition } from '../../crawler/contract.ts';
import { readTool } from '../../crawler/definition.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import { recommend } from '../../policy/recommend.ts';
import { lowerToPolicyJson } from '../../policy/targets/policy-json.ts';
import { type Html, html } from '../html.ts';
import { shownPolicy } from '../policy-text.ts';

/** A tool that was made up for a page, judged as any other. */
export interface JudgedExample {
  definition: ToolDefinition;
  classification: Classification;
}

/** Judges a made-up tool. Throws when it is none: a page would be wrong. */
export function judgeExample(tool: ExampleTool): JudgedExample {
  const read = readTool({ ...tool }, 0);
  if (!read.ok) throw new Error(`The example ${tool.name} ${read.rejected.reason}.`);
  return { definition: read.tool, classification: classifyTool(read.tool) };
}

/** The policy that is published for a tool like this. */
export function publishedPolicy({ definition, classification }: JudgedExample): PolicyDocument {
  const policy = recommend([{ name: definition.name, classification }], { shaped: false });
  return lowerToPolicyJson(policy, []).document;
}

/** A policy document to read and copy. `id` is that of its text. */
export function policyBlock(document: PolicyDocument, id: string): Html {
  return html`<div class="code">
<div class="code-head"><span>policy.json</span><button type="button" data-copy="${id}" hidden>Copy</button></div>
<pre><code id="${id}">${shownPolicy(JSON.stringify(document, undefined, 2))}</code></pre>
</div>`;
}
