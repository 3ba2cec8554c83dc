import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { hasCode, usageError } from '../crawler/fault.ts';
import { errorText } from '../crawler/text.ts';
import type { PolicyDocument } from '../policy/contract.ts';
import { faultText, type PolicyFault, parsePolicy } from '../policy/parse.ts';
import { visible } from '../site/visible.ts';
import type { Io } from './io.ts';

/** The text of a policy file, or of stdin where `-` is given. Throws a usage error when it cannot be read. */
export async function readPolicyText(io: Pick<Io, 'cwd' | 'stdin'>, file: string): Promise<string> {
  try {
    return file === '-' ? await readAll(io.stdin) : await readFile(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw usageError(`There is no file ${resolve(io.cwd, file)}.`);
    throw usageError(`${file} cannot be read: ${errorText(error)}.`);
  }
}

/** The policy of a file. Throws a usage error that names every fault of it. */
export async function readPolicy(io: Pick<Io, 'cwd' | 'stdin'>, file: string): Promise<PolicyDocument> {
  const parsed = parsePolicy(await readPolicyText(io, file));
  if (parsed.ok) return parsed.document;
  throw usageError(`${file} is no policy that can be used.\n${faultLines(file, parsed.faults).trimEnd()}`);
}

/** One line a fault, in the order of the file and the form that editors turn into links. */
export function faultLines(file: string, faults: readonly PolicyFault[]): string {
  return inOrder(faults)
    .map((fault) => `${file}:${visible(faultText(fault))}\n`)
    .join('');
}

/** As they stand in the file. */
export function inOrder(faults: readonly PolicyFault[]): PolicyFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
