// Written by `npm run generate` from the files of this folder.
import type { Target } from '../target.ts';
import { target as policyJsonTarget } from './policy-json.ts';

export const targets: readonly Target[] = [
  policyJsonTarget,
];
