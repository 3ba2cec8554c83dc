// Written by `npm run generate` from the files of this folder.
import type { Attack } from '../attack.ts';
import { attack as bulkMintingAttack } from './bulk-minting.ts';
import { attack as commandInjectionAttack } from './command-injection.ts';
import { attack as confusedDeputyAttack } from './confused-deputy.ts';
import { attack as credentialTheftAttack } from './credential-theft.ts';
import { attack as crossServerFlowAttack } from './cross-server-flow.ts';
import { attack as destructiveAutonomyAttack } from './destructive-autonomy.ts';
import { attack as dispatchAroundRuleAttack } from './dispatch-around-rule.ts';
import { attack as falseHintsAttack } from './false-hints.ts';
import { attack as hiddenTextAttack } from './hidden-text.ts';
import { attack as maliciousPackageAttack } from './malicious-package.ts';
import { attack as massMessagingAttack } from './mass-messaging.ts';
import { attack as pathTraversalAttack } from './path-traversal.ts';
import { attack as paymentRedirectionAttack } from './payment-redirection.ts';
import { attack as plantedPersistenceAttack } from './planted-persistence.ts';
import { attack as promptInjectionAttack } from './prompt-injection.ts';
import { attack as rugPullAttack } from './rug-pull.ts';
import { attack as runawayLoopAttack } from './runaway-loop.ts';
import { attack as serverSideRequestAttack } from './server-side-request.ts';
import { attack as sqlThroughReadToolAttack } from './sql-through-read-tool.ts';
import { attack as toolPoisoningAttack } from './tool-poisoning.ts';
import { attack as toolShadowingAttack } from './tool-shadowing.ts';
import { attack as uninvitedAccessAttack } from './uninvited-access.ts';
import { attack as urlExfiltrationAttack } from './url-exfiltration.ts';
import { attack as writeThenRunAttack } from './write-then-run.ts';

export const attacks: readonly Attack[] = [
  bulkMintingAttack,
  commandInjectionAttack,
  confusedDeputyAttack,
  credentialTheftAttack,
  crossServerFlowAttack,
  destructiveAutonomyAttack,
  dispatchAroundRuleAttack,
  falseHintsAttack,
  hiddenTextAttack,
  maliciousPackageAttack,
  massMessagingAttack,
  pathTraversalAttack,
  paymentRedirectionAttack,
  plantedPersistenceAttack,
  promptInjectionAttack,
  rugPullAttack,
  runawayLoopAttack,
  serverSideRequestAttack,
  sqlThroughReadToolAttack,
  toolPoisoningAttack,
  toolShadowingAttack,
  uninvitedAccessAttack,
  urlExfiltrationAttack,
  writeThenRunAttack,
];
