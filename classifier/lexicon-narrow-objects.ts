import type { ObjectRule } from './lexicon.ts';

/**
 * Senses that hold for a few objects only. They come after those of `lexicon-objects.ts`, and later rules win over
 * earlier ones.
 */
export const NARROW_OBJECT_RULES: readonly ObjectRule[] = [
  {
    verbs: 'unblock release retry rerun approve',
    objects: 'job|build|pipeline|workflow|workflow run|deployment|pending deployment',
    action: 'execute',
    because: 'lets something run',
  },
  {
    verbs: 'create make submit start request',
    objects: 'prediction|inference|batch prediction|model prediction',
    action: 'execute',
    because: 'has a model do the work',
  },
  {
    verbs: 'start open create make',
    objects: 'booking|reservation|draft|survey|poll',
    action: 'write',
    because: 'creates a record',
  },
  {
    verbs: 'map',
    objects: `structure|repository structure|project structure|repo|repository|codebase|site|website|url|
      network|dependency|code structure|architecture`,
    action: 'read',
    because: 'returns what it finds',
  },
  {
    verbs: 'clean',
    objects: 'content|transcript|document text|webpage|web page|names|values',
    action: 'read',
    because: 'works out a text and returns it',
  },
  {
    verbs: 'clean',
    objects: 'derived data|build artifact|artifact|cache|cached data|build|build product|workspace data',
    action: 'destructive',
    because: 'removes something or makes it unrecoverable',
  },
  {
    verbs: 'show display',
    objects: 'overlay|highlight overlay|notification|toast|dialog|dialog prompt|popup|banner|alert dialog',
    action: 'execute',
    because: 'puts something on a screen',
  },
  {
    verbs: 'generate',
    objects: 'boilerplate|boilerplate code|code snippet|qr code|otp code|totp code',
    action: 'read',
    because: 'works out a text and returns it',
  },
  {
    verbs: 'query',
    objects: `influxdb|influxdb datasource|neo4j|sql database|mysql database|postgres database|postgresql database|
      sqlite database|duckdb database|oracle database|mssql database`,
    action: 'execute',
    because: 'runs a statement on a database',
  },
  {
    verbs: 'access',
    objects: `guidance|practice|best practice|information|documentation|data|detail|content|statistic|log|
      metric|history|record|article|result|report|profile|price|recommendation`,
    action: 'read',
    because: 'returns information',
  },
  {
    verbs: 'simulate',
    objects: 'key press|keypress|keystroke|click|mouse click|key input|typing|touch|tap|swipe',
    action: 'execute',
    because: 'steers what is on the screen',
  },
  {
    verbs: 'save store',
    objects: 'pages|all pages',
    action: 'write',
    because: 'stores what it finds',
  },
  {
    verbs: 'submit',
    objects: 'review|pull request review|pr review|report|assessment|estimate|forecast',
    action: 'write',
    because: 'creates a record',
  },
  {
    verbs: 'follow',
    objects: `approach|sequential approach|process|methodology|method|pattern|practice|guideline|standard|redirect|
      link|workflow|step|format|convention`,
    action: 'read',
    because: 'tells how it works',
  },
  {
    verbs: `lock unlock open close move turn rotate raise lower set adjust position tilt pan home park retract extend
      dim brighten`,
    objects: `door|front door|gate|garage|garage door|lock|smart lock|car|vehicle|trunk|blind|shutter|curtain|shade|
      valve|arm|robot|robot arm|robotic arm|gripper|joint|servo|motor|actuator|wheel|drone|lamp|light|bulb|heater|
      thermostat|fan|vacuum|mower|pump|relay|device|appliance|sprinkler`,
    action: 'execute',
    because: 'steers a device',
  },
  {
    verbs: 'find detect discover identify enumerate',
    objects: 'open port',
    action: 'execute',
    because: 'probes machines over the network',
  },
  {
    verbs: 'extract unpack decompress',
    objects: 'archive|zip|zip file|zip archive|tarball|tar|archive file|compressed file',
    action: 'write',
    because: 'leaves the files of an archive behind',
  },
  {
    verbs: 'give',
    objects: 'access|permission|role|right|privilege|ownership|consent|feedback|rating|kudos',
    action: 'write',
    because: 'creates or changes data',
  },
  {
    verbs: 'queue enqueue schedule',
    objects: 'mail|email|message|post|newsletter',
    action: 'write',
    because: 'creates a message',
  },
  {
    verbs: 'send post push',
    objects: 'json body|http body|body|mutation|graphql query|graphql mutation',
    action: 'execute',
    because: 'makes another system act',
  },
  {
    verbs: 'put pose ask send',
    objects: 'question',
    action: 'execute',
    because: 'has somebody work out an answer',
  },
  {
    verbs: 'drain',
    objects: 'node|kubernetes node|cluster node|worker node|worker|instance|host|connection',
    action: 'execute',
    because: 'ends or moves what is running',
  },
  {
    verbs: 'flash',
    objects: 'firmware|new firmware|device|board|image|rom|bootloader|microcontroller',
    action: 'execute',
    because: 'changes what a device runs',
  },
];
