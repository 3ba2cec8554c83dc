import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Io } from '../../cli/io.ts';
import { run } from '../../cli/run.ts';

export interface CliRun {
  exit: number;
  stdout: string;
  stderr: string;
}

export interface CliWorld {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string;
  isTerminal?: boolean;
  signal?: AbortSignal;
}

/** Runs a command line in this process, in a world of its own: no environment, no home, a clock that stands. */
export async function runCli(args: readonly string[], world: CliWorld = {}): Promise<CliRun> {
  const stdout = capture();
  const stderr = capture();
  const isTerminal = world.isTerminal ?? false;
  const io: Io = {
    env: { PATH: process.env.PATH, ...world.env },
    cwd: world.cwd ?? tmpdir(),
    home: mkdtempSync(join(tmpdir(), 'catalogue-home-')),
    platform: process.platform,
    tmp: tmpdir(),
    stdin: Readable.from([Buffer.from(world.stdin ?? '')]),
    stdout: { stream: stdout.stream, isTerminal, columns: 80 },
    stderr: { stream: stderr.stream, isTerminal, columns: 80 },
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    random: () => 0,
    signal: world.signal ?? new AbortController().signal,
  };
  const exit = await run(args, io);
  return { exit, stdout: stdout.text(), stderr: stderr.text() };
}

function capture(): { stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
