import { type AnswerOptions, answerApproval, configureAnswer } from '../answer-approval.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand<AnswerOptions>({
  id: 'approvals-approve',
  group: 'approvals',
  summary: 'Let one waiting call through, once and exactly as it was asked for.',
  example: 'catalogue approvals approve a7-3f9c2e',
  configure: configureAnswer,
  run: (invocation) => answerApproval(invocation, 'approve'),
});
