/** Every way in which the command ends. Numbers are never given another meaning; those not listed are reserved. */
export const EXIT = {
  done: { code: 0, meaning: 'done' },
  fault: { code: 1, meaning: 'our own fault: please report it' },
  usage: { code: 2, meaning: 'wrong usage, or input that could not be read' },
  unlisted: { code: 3, meaning: 'a target could not be listed' },
  unavailable: { code: 4, meaning: 'the catalogue is locked or unreachable' },
  threshold: { code: 10, meaning: 'a tool reached the --fail-on threshold' },
  idle: { code: 11, meaning: 'a correction is expired, or about nothing that is known' },
  interrupted: { code: 130, meaning: 'interrupted (Ctrl-C)' },
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];
