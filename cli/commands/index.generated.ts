// Written by `npm run generate` from the files of this folder.
import type { Command } from '../command.ts';
import { command as approvalsApproveCommand } from './approvals-approve.ts';
import { command as approvalsDenyCommand } from './approvals-deny.ts';
import { command as approvalsListCommand } from './approvals-list.ts';
import { command as auditCommand } from './audit.ts';
import { command as buildCommand } from './build.ts';
import { command as classifyCommand } from './classify.ts';
import { command as correctionsCommand } from './corrections.ts';
import { command as crawlCommand } from './crawl.ts';
import { command as diffCommand } from './diff.ts';
import { command as doctorCommand } from './doctor.ts';
import { command as dumpCommand } from './dump.ts';
import { command as evalCommand } from './eval.ts';
import { command as exportCommand } from './export.ts';
import { command as gatewayCommand } from './gateway.ts';
import { command as grantsAddCommand } from './grants-add.ts';
import { command as grantsListCommand } from './grants-list.ts';
import { command as grantsRevokeCommand } from './grants-revoke.ts';
import { command as historyCommand } from './history.ts';
import { command as importCommand } from './import.ts';
import { command as listCommand } from './list.ts';
import { command as pinCommand } from './pin.ts';
import { command as policyCheckCommand } from './policy-check.ts';
import { command as policyDiffCommand } from './policy-diff.ts';
import { command as policyTestCommand } from './policy-test.ts';
import { command as pruneCommand } from './prune.ts';
import { command as queueCommand } from './queue.ts';
import { command as reclassifyCommand } from './reclassify.ts';
import { command as reportCommand } from './report.ts';
import { command as reviewCommand } from './review.ts';
import { command as scanCommand } from './scan.ts';
import { command as searchCommand } from './search.ts';
import { command as serveCommand } from './serve.ts';
import { command as showCommand } from './show.ts';
import { command as sourcesCommand } from './sources.ts';
import { command as workerCommand } from './worker.ts';

export const commands: readonly Command[] = [
  approvalsApproveCommand,
  approvalsDenyCommand,
  approvalsListCommand,
  auditCommand,
  buildCommand,
  classifyCommand,
  correctionsCommand,
  crawlCommand,
  diffCommand,
  doctorCommand,
  dumpCommand,
  evalCommand,
  exportCommand,
  gatewayCommand,
  grantsAddCommand,
  grantsListCommand,
  grantsRevokeCommand,
  historyCommand,
  importCommand,
  listCommand,
  pinCommand,
  policyCheckCommand,
  policyDiffCommand,
  policyTestCommand,
  pruneCommand,
  queueCommand,
  reclassifyCommand,
  reportCommand,
  reviewCommand,
  scanCommand,
  searchCommand,
  serveCommand,
  showCommand,
  sourcesCommand,
  workerCommand,
];
