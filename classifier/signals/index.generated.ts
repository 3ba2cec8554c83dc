// Written by `npm run generate` from the files of this folder.
import type { Signal } from '../signal.ts';
import { signal as adminSignal } from './admin.ts';
import { signal as annotationMismatchSignal } from './annotation-mismatch.ts';
import { signal as bulkSignal } from './bulk.ts';
import { signal as codeOrQueryInputSignal } from './code-or-query-input.ts';
import { signal as credentialHandlingSignal } from './credential-handling.ts';
import { signal as destructiveEffectSignal } from './destructive-effect.ts';
import { signal as financialEffectSignal } from './financial-effect.ts';
import { signal as highParameterCountSignal } from './high-parameter-count.ts';
import { signal as htmlInputSignal } from './html-input.ts';
import { signal as mintingSignal } from './minting.ts';
import { signal as pathInputSignal } from './path-input.ts';
import { signal as thinDefinitionSignal } from './thin-definition.ts';
import { signal as urlInputSignal } from './url-input.ts';

export const signals: readonly Signal[] = [
  adminSignal,
  annotationMismatchSignal,
  bulkSignal,
  codeOrQueryInputSignal,
  credentialHandlingSignal,
  destructiveEffectSignal,
  financialEffectSignal,
  highParameterCountSignal,
  htmlInputSignal,
  mintingSignal,
  pathInputSignal,
  thinDefinitionSignal,
  urlInputSignal,
];
