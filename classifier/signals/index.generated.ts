// Written by `npm run generate` from the files of this folder.
import type { Signal } from '../signal.ts';
import { signal as adminSignal } from './admin.ts';
import { signal as annotationMismatchSignal } from './annotation-mismatch.ts';
import { signal as bulkSignal } from './bulk.ts';
import { signal as codeOrQueryInputSignal } from './code-or-query-input.ts';
import { signal as credentialHandlingSignal } from './credential-handling.ts';
import { signal as crossTenantSignal } from './cross-tenant.ts';
import { signal as deprecatedSignal } from './deprecated.ts';
import { signal as destructiveEffectSignal } from './destructive-effect.ts';
import { signal as financialEffectSignal } from './financial-effect.ts';
import { signal as grantsAccessSignal } from './grants-access.ts';
import { signal as hiddenCharactersSignal } from './hidden-characters.ts';
import { signal as highParameterCountSignal } from './high-parameter-count.ts';
import { signal as hostCodeExecutionSignal } from './host-code-execution.ts';
import { signal as htmlInputSignal } from './html-input.ts';
import { signal as irreversibleSignal } from './irreversible.ts';
import { signal as mintingSignal } from './minting.ts';
import { signal as modelInferenceSignal } from './model-inference.ts';
import { signal as modelInstructionsSignal } from './model-instructions.ts';
import { signal as openWorldSignal } from './open-world.ts';
import { signal as pathInputSignal } from './path-input.ts';
import { signal as persistenceSignal } from './persistence.ts';
import { signal as personalDataSignal } from './personal-data.ts';
import { signal as returnsSecretsSignal } from './returns-secrets.ts';
import { signal as routerSignal } from './router.ts';
import { signal as schemaMismatchSignal } from './schema-mismatch.ts';
import { signal as sendsExternalMessageSignal } from './sends-external-message.ts';
import { signal as spendsMoneySignal } from './spends-money.ts';
import { signal as thinDefinitionSignal } from './thin-definition.ts';
import { signal as toolShadowingSignal } from './tool-shadowing.ts';
import { signal as unboundedSignal } from './unbounded.ts';
import { signal as urlInputSignal } from './url-input.ts';

export const signals: readonly Signal[] = [
  adminSignal,
  annotationMismatchSignal,
  bulkSignal,
  codeOrQueryInputSignal,
  credentialHandlingSignal,
  crossTenantSignal,
  deprecatedSignal,
  destructiveEffectSignal,
  financialEffectSignal,
  grantsAccessSignal,
  hiddenCharactersSignal,
  highParameterCountSignal,
  hostCodeExecutionSignal,
  htmlInputSignal,
  irreversibleSignal,
  mintingSignal,
  modelInferenceSignal,
  modelInstructionsSignal,
  openWorldSignal,
  pathInputSignal,
  persistenceSignal,
  personalDataSignal,
  returnsSecretsSignal,
  routerSignal,
  schemaMismatchSignal,
  sendsExternalMessageSignal,
  spendsMoneySignal,
  thinDefinitionSignal,
  toolShadowingSignal,
  unboundedSignal,
  urlInputSignal,
];
