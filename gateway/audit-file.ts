import {
  closeSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { usageError } from '../crawler/fault.ts';
import { clip, count, errorText } from '../crawler/text.ts';
import type { AuditLog, AuditRecord } from './contract.ts';
import {
  AUDIT_LINGER_MS,
  MAX_AUDIT_BACKLOG_CHARS,
  MAX_AUDIT_BUFFER_CHARS,
  MAX_LOGGED_CHARS,
  MAX_LOGGED_KEYS,
  MAX_LOGGED_TEXT_CHARS,
  STATE_LOCK_WAIT_MS,
} from './limits.ts';
import { redact } from './redact.ts';

export interface AuditFileOptions {
  path: string;
  /** A new file is begun before one would get longer. */
  maxBytes: number;
  /** Files kept beside it: `<path>.1` is the newest. */
  keep: number;
  /** Whether the values of arguments are logged, without what looks like a secret, and not their keys alone. */
  logValues: boolean;
  /** Told, in one sentence, when the log cannot be written and when it can again. */
  report(message: string): void;
}

export interface AuditFile extends AuditLog {
  /** Why the log cannot be written at present; a gateway that must not act unrecorded makes no calls then. */
  fault(): string | undefined;
}

/**
 * An audit log in JSON lines of ASCII, readable by its owner alone, that several processes may write to. A line waits
 * at most 200 ms to be written; what waits is written at `close` and when the process exits, and lost when it is
 * killed.
 *
 * A log that cannot be written later, because the disk is full, is reported once, holds up to 4 MB of lines until it
 * can be, and stops no call; `fault` is for those who want it to. Throws a usage error when it cannot be opened.
 */
export async function openAuditFile(options: AuditFileOptions): Promise<AuditFile> {
  const { path, logValues, report } = options;
  let descriptor = open(path);
  const buffer = { text: '', dropped: 0 };
  let fault: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (buffer.text === '') return;
    try {
      descriptor = current(descriptor, buffer.text.length, options);
      while (buffer.text !== '') {
        buffer.text = buffer.text.slice(writeSync(descriptor, buffer.text));
      }
      if (fault !== undefined) report(`The audit log ${path} can be written again.${lost(buffer.dropped)}`);
      fault = undefined;
      buffer.dropped = 0;
    } catch (error) {
      if (fault === undefined) report(`The audit log ${path} cannot be written: ${errorText(error)}.`);
      fault = errorText(error);
      flushLater();
    }
  };
  const flushLater = () => {
    timer ??= setTimeout(flush, AUDIT_LINGER_MS).unref();
  };
  process.on('exit', flush);

  return {
    write(record) {
      const line = lineOf(record, logValues);
      if (buffer.text.length + line.length > MAX_AUDIT_BACKLOG_CHARS) {
        buffer.dropped += 1;
        return;
      }
      buffer.text += line;
      if (buffer.text.length > MAX_AUDIT_BUFFER_CHARS && fault === undefined) flush();
      else flushLater();
    },
    fault: () => fault,
    async close() {
      process.off('exit', flush);
      flush();
      clearTimeout(timer);
      if (fault !== undefined) {
        const lines = buffer.text.split('\n').length - 1;
        report(`The audit log ${path} is incomplete: ${fault}.${lost(buffer.dropped + lines)}`);
      }
      closeSync(descriptor);
    },
  };
}

/** `path` and the files that were rotated away from it, oldest first; those that exist. */
export function auditFiles(path: string): string[] {
  const older: string[] = [];
  for (let number = 1; exists(`${path}.${number}`); number++) older.unshift(`${path}.${number}`);
  return exists(path) ? [...older, path] : older;
}

function lineOf(record: AuditRecord, logValues: boolean): string {
  const { arguments: args, argumentKeys, ...bounded } = record;
  for (const key of ['server', 'grant', 'session', 'method', 'tool', 'rule', 'message'] as const) {
    const text = bounded[key];
    if (text !== undefined && text.length > MAX_LOGGED_TEXT_CHARS)
      bounded[key] = clip(text, MAX_LOGGED_TEXT_CHARS);
  }
  const line = JSON.stringify({
    ...bounded,
    argumentKeys: argumentKeys.slice(0, MAX_LOGGED_KEYS).map((key) => clip(key, MAX_LOGGED_TEXT_CHARS)),
    ...(logValues && args && { arguments: redact(args, MAX_LOGGED_CHARS).value }),
  });
  return `${PLAIN.test(line) ? line : line.replaceAll(NOT_PLAIN, jsonEscape)}\n`;
}

/** With these as escapes no character of a stranger's can act on a terminal or an editor; JSON readers turn them back. */
const NOT_PLAIN = /[^\x20-\x7e]/g;
const PLAIN = /^[\x20-\x7e]*$/;

function jsonEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function lost(lines: number): string {
  return lines === 0 ? '' : ` ${count(lines, 'line')} could not be kept.`;
}

function open(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openLog(path);
  } catch (error) {
    throw usageError(
      `The audit log ${path} cannot be opened: ${errorText(error)}. Name another place for it, or none.`,
    );
  }
}

function openLog(path: string): number {
  const descriptor = openSync(path, 'a', 0o600);
  if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600);
  return descriptor;
}

/** The open file to write to: a new one where another process has begun one, or where this one would get too long. */
function current(descriptor: number, bytes: number, options: AuditFileOptions): number {
  const own = fstatSync(descriptor);
  if (!own.isFile()) return descriptor;
  const named = statSync(options.path, { throwIfNoEntry: false });
  const isNamed = named?.ino === own.ino && named.dev === own.dev;
  if (isNamed && (own.size === 0 || own.size + bytes <= options.maxBytes)) return descriptor;
  if (isNamed && !rotate(own.ino, options)) return descriptor;
  const next = openLog(options.path);
  closeSync(descriptor);
  return next;
}

/** Moves the files on by one. False when another process is at it and does not come to an end. */
function rotate(ino: number, { path, keep }: AuditFileOptions): boolean {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: STATE_LOCK_WAIT_MS });
  try {
    lock.exec('begin exclusive');
    // Another process may have done it while this one waited.
    if (statSync(path, { throwIfNoEntry: false })?.ino !== ino) return true;
    for (let number = keep; number > 1; number--) {
      if (exists(`${path}.${number - 1}`)) renameSync(`${path}.${number - 1}`, `${path}.${number}`);
    }
    if (keep > 0) renameSync(path, `${path}.1`);
    else rmSync(path);
    return true;
  } catch {
    return false;
  } finally {
    lock.close();
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
