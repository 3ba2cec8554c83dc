import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ServerDiff, ServerHistory } from '../catalogue/contract.ts';
import { DumpLine } from '../catalogue/dump-format.ts';
import { LockFile } from '../catalogue/lock-content.ts';
import { AccuracyReport } from '../classifier/accuracy/contract.ts';
import {
  PublishedDoctor,
  PublishedReclassify,
  PublishedScans,
  PublishedSearch,
  PublishedTool,
} from '../cli/published.ts';
import { PublishedQueue } from '../cli/queue-report.ts';
import { policyJsonSchema } from '../policy/json-schema.ts';
import { renderCommandDocs } from './command-docs.ts';
import { replaceBetween } from './markdown.ts';
import { PAGE_MARKERS, pageTable } from './page-docs.ts';
import { readmeTargets, renderTargetDocs, TARGET_MARKERS } from './target-docs.ts';
import { type GeneratedFile, unitIndexes } from './units.ts';

/** Every file that is written from the sources and committed: lists of units, JSON Schemas, the commands' help, the table of targets. */
export function generatedFiles(root: string): GeneratedFile[] {
  return [
    ...unitIndexes(root),
    { path: 'policy/policy.schema.json', text: pretty(policyJsonSchema()) },
    { path: 'docs/schemas/classified-tool.schema.json', text: pretty(z.toJSONSchema(PublishedTool)) },
    { path: 'docs/schemas/scan.schema.json', text: pretty(z.toJSONSchema(PublishedScans)) },
    { path: 'docs/schemas/queue.schema.json', text: pretty(z.toJSONSchema(PublishedQueue)) },
    { path: 'docs/schemas/search.schema.json', text: pretty(z.toJSONSchema(PublishedSearch)) },
    { path: 'docs/schemas/doctor.schema.json', text: pretty(z.toJSONSchema(PublishedDoctor)) },
    { path: 'docs/schemas/history.schema.json', text: pretty(z.toJSONSchema(ServerHistory)) },
    { path: 'docs/schemas/diff.schema.json', text: pretty(z.toJSONSchema(ServerDiff)) },
    { path: 'docs/schemas/lock.schema.json', text: pretty(z.toJSONSchema(LockFile)) },
    { path: 'docs/schemas/reclassify.schema.json', text: pretty(z.toJSONSchema(PublishedReclassify)) },
    { path: 'docs/schemas/eval.schema.json', text: pretty(z.toJSONSchema(AccuracyReport)) },
    {
      path: 'docs/schemas/dump.schema.json',
      text: pretty(z.toJSONSchema(DumpLine, { io: 'input', unrepresentable: 'any' })),
    },
    { path: 'docs/commands.md', text: renderCommandDocs() },
    { path: 'docs/targets.md', text: renderTargetDocs() },
    {
      path: 'docs/site.md',
      text: replaceBetween(readFileSync(join(root, 'docs/site.md'), 'utf8'), PAGE_MARKERS, pageTable()),
    },
    {
      path: 'README.md',
      text: replaceBetween(readFileSync(join(root, 'README.md'), 'utf8'), TARGET_MARKERS, readmeTargets()),
    },
  ];
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
