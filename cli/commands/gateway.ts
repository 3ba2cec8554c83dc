import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { collect } from '../crawler-options.ts';
import { addStateOption, type StateOptions } from '../gateway-state.ts';

export interface GatewayOptions extends StateOptions {
  policy?: string;
  config?: string;
  server?: string;
  upstream?: string;
  header?: string[];
  listen?: string;
  allowHost?: string[];
  allowOrigin?: string[];
  withoutGrants?: boolean;
  lock?: string;
  dryRun?: boolean;
  logValues?: boolean;
  audit?: string;
  json?: boolean;
}

export const command = defineCommand<GatewayOptions>({
  id: 'gateway',
  summary: 'Stand between a client and a server, and let through what a policy allows.',
  example: 'catalogue gateway --policy policy.json -- npx -y @modelcontextprotocol/server-filesystem .',
  takesCommandLine: true,

  configure(command: Commander) {
    command
      .usage('[options] [-- command...]')
      .option('--policy <file>', 'the policy to enforce')
      .option('--upstream <url>', 'the address of the server, instead of a command after --')
      .option('--header <header>', "send this header to it, as 'Name: value' (repeatable)", collect)
      .option('--config <file>', 'several servers, each with its policy: JSON or YAML')
      .option(
        '--server <key>',
        'the key of the server: which one of --config, or its name in records and lock',
      )
      .option('--listen <address>', 'speak HTTP at this address, as 127.0.0.1:8787, and not stdio')
      .option('--without-grants', 'with --listen on this machine: let everybody on it in, without a token')
      .option('--allow-host <name>', 'answer HTTP requests to this host name too (repeatable)', collect)
      .option('--allow-origin <origin>', 'answer web pages of this origin (repeatable)', collect)
      .option('--lock <file>', 'deny tools whose definition is not the one in this catalogue.lock.json')
      .option('--dry-run', 'log what would be denied, and let everything through')
      .option('--audit <file>', 'the audit log (default: in the state)')
      .option('--log-values', "log the arguments' values, without secrets, and not their names alone");
    addStateOption(command);
    command.addHelpText(
      'after',
      '\nStdio carries the protocol; with --listen and --json, stdout gets one line with' +
        '\nthe address. The exit code is that of the server, when it ends by itself.',
    );
  },

  async run({ io, options, commandLine }) {
    if (options.config === undefined && options.policy === undefined)
      throw usageError('Give the policy to enforce with --policy, or several servers with --config.');
    const { runGateway } = await import('../gateway.ts');
    return runGateway(options, commandLine, io);
  },
});
