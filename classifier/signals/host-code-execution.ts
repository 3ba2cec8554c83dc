import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { parameterEvidence, wordEvidence } from '../evidence.ts';
import { openingOf, spokenName, type ToolFacts } from '../facts.ts';
import { type Parameter, takesText } from '../parameters.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { wordSet } from '../vocabulary.ts';

const RUNNERS = new Set(
  'run execute exec eval evaluate invoke perform launch spawn start send type write input submit'.split(' '),
);

/** A command of the machine's own shell, told apart from a product's commands by the word before it. */
const SHELL_COMMAND =
  /\b(?:shell|bash|zsh|terminal|powershell|command[- ]line|ssh|adb|wsl|posix|unix|linux|windows|macos|system|os|cmd|remote|host|arbitrary|custom|raw|a|any|the|one|more|multiple|this) (?:cli )?(?:commands?|scripts?)\b(?! palette| pattern)|^(?:(?:the|a|an|any|your|arbitrary|given|specified|shell|bash|multiple) ){0,3}(?:commands?|scripts?)$|\bcommands? (?:in|on|inside|over|via|through|against) (?:the |a |an |your |this |running |remote |specific |local ){0,3}(?:shell|terminal|command line|linux|windows|macos|machine|host|server|container|pod|kubernetes|docker|device|sandbox|ssh|adb|iterm|tmux|wsl|vm|system|instance|application container|devcontainer)\b/i;
/** Code in a language that can do all that its process can. */
const CODE =
  /\b(?:python|javascript|js|typescript|node(?:\.?js)?|ruby|lua|matlab|julia|java|c#|csharp|php|perl|golang|go|rust|clojure|bash|shell|powershell|applescript|jxa|jsx|extendscript|batch|r|octave|haskell|scala|kotlin|swift|elixir|pyqgis|arbitrary|source|custom) (?:\w{1,15} )?(?:code|scripts?|snippets?|programs?|expressions?)\b|\b(?:code|code snippets?|python|applescript|jxa|powershell|bash|notebooks?|(?:notebook |code |jupyter |all )?cells?)\b(?! (?:review|coverage|search|analysis|scan\w*|quality|style|of|block|action|lens|range|values?|and \w+ \w))|^(?:(?:a|an|the|this|your|any|given|specific|arbitrary) ){0,2}scripts?\b/i;

/** Languages whose programs end at the border of a product or a page. */
const OTHER_LANGUAGE =
  /\b(?:sql|t-sql|pl\/sql|quer(?:y|ies)|graphql|mutation|jql|cypher|apex|salesforce|redis|mongo\w{0,8}|apps script|spreadsheet|pages?|browsers?|playwright|puppeteer|webdriver|selenium|cdp|devtools|dom|tab|webview|chrome|gcode|g-code|smart contract|solidity|dax|figma|roblox|stored procedure|database|gremlin|formula|regex|excel)\b/i;
/** Products with commands of their own. */
const OTHER_COMMANDS =
  /\b(?:slash|vim|neovim|gdb|lldb|kubectl|helm|argocd|aws cli|azure cli|az cli|gcloud|wp-cli|terraform|git|operational mode|ios-xe|firewall|router|switch|minecraft|rcon|bot|serial|midi|vscode|vs code|ide|editor|foundry|workflow|pipeline|airflow|dbt|airbyte|postman|plugin|obsidian|home assistant|zapier|composio|fibery|ledger|cast|playbook|scenario|telegram|discord|predefined)\b/i;
/** Reached through a shell all the same. */
const INSISTS = /\b(?:shell|bash|powershell|terminal|command[- ]line|ssh|subprocess|operating system)\b/i;

const SANDBOX =
  /\b(?:sandbox(?:es|ed)?|isolated|e2b|pyodide|disposable|ephemeral|wasm|webassembly|code interpreter|microvm|restricted environment)\b/i;

const INSTALLED =
  /\b(?:packages?|dependenc(?:y|ies)|npm|pip|pypi|apt|brew|uv|modules?|apk|software|binar(?:y|ies)|mcp servers?|librar(?:y|ies)|browsers?|toolchains?|apps?\b[^.]{0,30}\b(?:simulator|emulator|device)s?)\b/i;
const INSTALLED_ELSEWHERE =
  /\b(?:wordpress|app ?exchange|tenant|salesforce|unlocked|teams|slack|shopify|theme|site|addon|add-on|helm|chart|github app|extension for|odoo)\b/i;

const TERMINALS =
  /\b(?:terminals?|iterm\w{0,3}|tmux|shell sessions?|ssh sessions?|running process|interactive process|process(?:'s)? (?:stdin|input)|stdin|repl|ssh|bash session)\b/i;
const PACKAGE_SCRIPTS =
  /\b(?:npm|yarn|pnpm|bun|package\.json|composer|makefile|make|just|gradle|maven|rake|cargo|poetry) (?:scripts?|targets?|tasks?|recipes?|commands?|run)\b/i;

const COMMAND_WORDS = new Set('command commands cmd cmdline commandline shellcommand'.split(' '));
const SHELL_IN_PARAMETER =
  /\b(?:shell|bash|terminal|powershell|command[- ]line|linux|unix|system) (?:commands?|scripts?)\b|\b(?:commands?|script) (?:line )?to (?:run|execute|be executed|send)\b|\b(?:npm|pip|ls -|git status|rm -|echo |cat |sh -c)/i;

const NAMES = new Set('bash shell terminal powershell zsh'.split(' '));
const HOW = new Set('exec execute run command commands eval script session write send input'.split(' '));

const TRIGGERS = wordSet(
  `applescript bash bun cargo cell cells cmd cmdline code command commandline commands composer expression
   expressions gradle install installation installed installing installs iterm iterm2 just jxa make
   makefile maven notebook notebooks npm package pnpm poetry powershell process program programs python
   rake repl script scripts shell shellcommand snippet snippets ssh stdin terminal terminals tmux yarn zsh`.split(
    /\s+/,
  ),
);

/** Of the description, what says what the tool is. */
const OPENING_CHARS = 250;

export const signal = defineSignal({
  id: 'host-code-execution',
  group: 'capability',
  version: 1,
  label: 'Runs code on the host',
  title: 'Runs code on the host',
  why: 'Whatever the process may do on that machine, the caller may do: read its files, use its keys, reach its network.',
  looksAt: 'what the verbs run, install or type into, and parameters that take a command',
  falsePositives:
    'A command of a device or a product that has a language of its own. Free SQL and the script of a web page are other signals; builds and test runs are not counted.',
  examples: {
    fires: [
      { name: 'run_command', description: 'Run a shell command and return its output' },
      { name: 'python', description: 'Execute Python code in the current environment' },
      { name: 'pod_exec', description: 'Execute a command in a container of a Kubernetes pod' },
      { name: 'write_to_terminal', description: 'Write text to the active terminal' },
      { name: 'pip_install', description: 'Install packages with pip' },
      {
        name: 'start_process',
        description: 'Start a process',
        inputSchema: {
          type: 'object',
          properties: { command: { type: 'string', description: 'Command to run' } },
        },
      },
      { name: 'run_code', description: 'Run Python code in a secure cloud sandbox' },
    ],
    silent: [
      { name: 'run_query', description: 'Execute a SQL script against the database' },
      { name: 'browser_evaluate', description: 'Execute JavaScript in the browser console' },
      { name: 'explain_command', description: 'Explain what a shell command does' },
      { name: 'generate_script', description: 'Generate a PowerShell script from a description' },
      { name: 'list_commands', description: 'List the shell commands that are allowed' },
      { name: 'run_review', description: 'Run a code review of a pull request' },
      { name: 'gdb_command', description: 'Execute a GDB command' },
      { name: 'install_theme', description: 'Install a theme on the site' },
      { name: 'send_command', description: 'Send a slash command to a channel' },
    ],
  },
  triggers: TRIGGERS,
  observe(facts) {
    const { acts } = facts;
    if (acts.length > 0 && acts.every(({ action }) => action === 'read')) {
      return presentIf([], { confidence: 'low' });
    }
    const told = acts.flatMap((act) => runsOn(act, facts) ?? []);
    const evidence = told.length > 0 ? told : [...commandParameters(facts), ...inName(facts)];
    const isApart = SANDBOX.test(openingOf(facts, OPENING_CHARS));
    return presentIf(evidence, {
      confidence: isApart
        ? 'low'
        : INSISTS.test(openingOf(facts, OPENING_CHARS)) && told.length > 0
          ? 'high'
          : 'medium',
      supports: 'Execute',
      raises: 'high',
    });
  },
});

function runsOn(act: Act, facts: ToolFacts): Evidence | undefined {
  if (act.source === 'choice') return undefined;
  const object = act.object ?? '';
  const said = act.source === 'name' ? spokenName(facts) : `${object} ${act.phrase}`;
  const context = openingOf(facts, OPENING_CHARS);
  if (act.lemma === 'install') {
    const isHere = INSTALLED.test(said) && !INSTALLED_ELSEWHERE.test(context);
    return isHere ? { ...act.evidence, note: 'installs software' } : undefined;
  }
  if (!RUNNERS.has(act.lemma)) return undefined;
  if (PACKAGE_SCRIPTS.test(said)) return { ...act.evidence, note: "runs a project's own scripts" };
  if (TERMINALS.test(said)) return { ...act.evidence, note: 'types into a shell' };
  if (SENDERS.has(act.lemma)) return undefined;
  const isCode = CODE.test(object);
  if (!isCode && !SHELL_COMMAND.test(said) && !SHELL_COMMAND.test(object)) return undefined;
  const around = `${spokenName(facts)} ${act.evidence.quote}`;
  const isElsewhere = OTHER_LANGUAGE.test(around) || (!isCode && OTHER_COMMANDS.test(around));
  if (isElsewhere && !INSISTS.test(said)) return undefined;
  return { ...act.evidence, note: 'runs commands or code' };
}

const SENDERS = new Set('type write input submit send'.split(' '));

/** A command that goes in is run, unless the tool only tells about it. */
function commandParameters(facts: ToolFacts): Evidence[] {
  const main = facts.acts[0];
  if (main === undefined || main.action === 'read' || main.action === 'financial') return [];
  const opening = openingOf(facts, OPENING_CHARS);
  if ((OTHER_LANGUAGE.test(opening) || OTHER_COMMANDS.test(opening)) && !INSISTS.test(opening)) return [];
  return facts.parameters
    .filter((parameter) => takesCommand(parameter))
    .map((parameter) => parameterEvidence(parameter, 'a command that the caller writes'));
}

function takesCommand(parameter: Parameter): boolean {
  const { words, choices, description, depth } = parameter;
  if (depth > 0 || choices.length > 0 || !takesText(parameter) || description === undefined) return false;
  if (!COMMAND_WORDS.has(words.at(-1) ?? '')) return false;
  return (
    SHELL_IN_PARAMETER.test(description.slice(0, 200)) && !OTHER_COMMANDS.test(description.slice(0, 200))
  );
}

/** A tool that is only called `bash` says enough. */
function inName(facts: ToolFacts): Evidence[] {
  const { words } = facts.name;
  const isShell = words.some(({ text }) => NAMES.has(text));
  const isBare = words.length === 1 || (words.length === 2 && words.some(({ text }) => HOW.has(text)));
  if (!isShell || !isBare) return [];
  const found = wordEvidence(facts.name, NAMES, 'names a shell');
  return found ? [found] : [];
}
