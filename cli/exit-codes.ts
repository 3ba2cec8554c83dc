import { constants } from 'node:os';

/** Every way in which the command ends. Numbers are never given another meaning; those not listed are reserved. */
export const EXIT = {
  done: { code: 0, meaning: 'done' },
  fault: { code: 1, meaning: 'our own fault: please report it' },
  usage: { code: 2, meaning: 'wrong usage, or input that could not be read' },
  unlisted: { code: 3, meaning: 'a target could not be listed' },
  unavailable: { code: 4, meaning: 'the catalogue is locked or unreachable' },
  threshold: { code: 10, meaning: 'something reached the --fail-on threshold, or a check did not pass' },
  idle: { code: 11, meaning: 'a correction is expired, or about nothing that is known' },
  interrupted: { code: 130, meaning: 'interrupted (Ctrl-C)' },
} as const;

/** The end of a gateway whose server ended by itself: the client is to see what it would see without us. */
interface ServerExit {
  code: number;
  meaning: 'as the server ended';
}

export type Exit = (typeof EXIT)[keyof typeof EXIT] | ServerExit;

/** The code that a shell gives for a program that ended so: its own, or 128 and the number of the signal. */
export function exitOf({ code, signal }: { code: number | null; signal: string | null }): Exit {
  const number =
    signal === null ? 0 : (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0);
  return { code: code ?? 128 + number, meaning: 'as the server ended' };
}
