// Written by `npm run generate` from the files of this folder.
import type { Target } from '../target.ts';
import { target as agentgatewayCelTarget } from './agentgateway-cel.ts';
import { target as cedarTarget } from './cedar.ts';
import { target as claudeCodeTarget } from './claude-code.ts';
import { target as claudeCodeManagedTarget } from './claude-code-managed.ts';
import { target as codexTarget } from './codex.ts';
import { target as cursorTarget } from './cursor.ts';
import { target as dockerMcpGatewayTarget } from './docker-mcp-gateway.ts';
import { target as gatewayTarget } from './gateway.ts';
import { target as geminiCliTarget } from './gemini-cli.ts';
import { target as interceptYamlTarget } from './intercept-yaml.ts';
import { target as policyJsonTarget } from './policy-json.ts';
import { target as regoTarget } from './rego.ts';
import { target as toolhiveCedarTarget } from './toolhive-cedar.ts';
import { target as vscodeTarget } from './vscode.ts';

export const targets: readonly Target[] = [
  agentgatewayCelTarget,
  cedarTarget,
  claudeCodeTarget,
  claudeCodeManagedTarget,
  codexTarget,
  cursorTarget,
  dockerMcpGatewayTarget,
  gatewayTarget,
  geminiCliTarget,
  interceptYamlTarget,
  policyJsonTarget,
  regoTarget,
  toolhiveCedarTarget,
  vscodeTarget,
];
