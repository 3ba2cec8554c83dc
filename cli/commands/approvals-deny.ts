import { type AnswerOptions, answerApproval, configureAnswer } from '../answer-approval.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand<AnswerOptions>({
  id: 'approvals-deny',
  group: 'approvals',
  summary: 'Refuse a waiting call, or take back an approval that was not used yet.',
  example: 'catalogue approvals deny a7-3f9c2e',
  configure: configureAnswer,
  run: (invocation) => answerApproval(invocation, 'deny'),
});
