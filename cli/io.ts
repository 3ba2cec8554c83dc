import type { Readable, Writable } from 'node:stream';

/** The world as the commands see it. Only `main.ts` fills it from the process; tests bring their own. */
export interface Io {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  home: string;
  platform: NodeJS.Platform;
  /** Folder for scratch files. */
  tmp: string;
  stdin: Readable;
  /** Data. */
  stdout: Output;
  /** Words for people: progress, remarks, errors. */
  stderr: Output;
  now(): Date;
  /** From 0 up to 1. */
  random(): number;
  /** Fires when the user interrupts. */
  signal: AbortSignal;
}

/** A stream, and whether a person looks at it. */
export interface Output {
  stream: Writable;
  isTerminal: boolean;
  /** Columns of the terminal, where it is one. */
  columns: number;
}

/** Writes a text and waits until the stream has room for more. */
export async function write({ stream }: Output, text: string): Promise<void> {
  if (stream.write(text) || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}
