import type { Confidence } from './contract.ts';
import type { Cued } from './cued.ts';

/**
 * A kind of order to the model that has no business in the definition of a tool. Orders in scripts without blanks
 * have no cues.
 */
export interface Order extends Cued {
  /** Completes "it …". */
  note: string;
  confidence: Confidence;
  /** What must stand just before the match, and what just after it. */
  before?: RegExp;
  after?: RegExp;
}

const USER = String.raw`(?:(?:the|your|our|any|an?) )?(?:end[- ]?)?(?:users?|humans?|operators?|customers?)\b(?!['’]s? (?:id|e-?mail|password|name|token))`;
const NOT = `(?:do not|don['’]t|never|must ?n['o]t|should ?n['o]t|may not|shall not|avoid|without)`;
const INSTRUCTIONS = `(?:instructions?|prompts?|guidelines?|guardrails?|directives?|directions|orders|rules|commands|constraints|training)`;

/** Files and stores in which people keep what opens other doors. A public key is not among them. */
const SECRET_PLACE =
  /\.ssh\b(?!\/id_\w{1,20}\.pub|\/known_hosts)|\bid_(?:rsa|ed25519|ecdsa|dsa)\b(?!\.pub)|\/etc\/(?:passwd|shadow)\b|\.aws\/credentials|mcp(?:_config|_settings)?\.json\b|claude_desktop_config|\.(?:npmrc|netrc|pgpass|git-credentials|bash_history|zsh_history)\b|\.kube\/config|(?<![\w*])\.env\b(?!\.example)|\bwallet\.dat\b/i;

/**
 * Orders that work against the user or against whoever set the model up, and the milder ones that reach beyond the
 * tool they stand in. The first are sure signs: no tool needs the user not to know. Each pattern has bounded gaps.
 */
export const ORDERS: readonly Order[] = [
  {
    note: 'orders the model to drop what it was told before',
    confidence: 'high',
    cues: 'ignore disregard forget neglect override bypass follow obey heed ignoring disregarding',
    pattern: new RegExp(
      String.raw`\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|neglect|override|bypass|(?:do not|don['’]t|never|stop) (?:follow|obey|heed)(?:ing)?)\s+(?:(?:any|all|every|each|of|the|your|these|those|my|and|other)\s+){0,4}(?:previous(?:ly)?|prior|above|earlier|preceding|foregoing)\s+(?:\w+\s+){0,2}${INSTRUCTIONS}\b`,
      'i',
    ),
  },
  {
    note: 'orders the model to drop the rules it works under',
    confidence: 'high',
    cues: 'ignore disregard forget bypass circumvent override',
    pattern: new RegExp(
      String.raw`\b(?:(?:ignore|disregard|forget)\s+(?:(?:any|all|of|the)\s+){0,3}(?:your|system|developer|safety|(?:the |an? )?user['’]?s?)|(?:bypass|circumvent|override)\s+(?:(?:any|all|of)\s+){0,2}your)\s+(?:\w+\s+){0,2}${INSTRUCTIONS}\b`,
      'i',
    ),
  },
  {
    note: 'orders the model to drop what it was told before',
    confidence: 'high',
    cues: 'ignore disregard forget',
    pattern:
      /\b(?:ignore|disregard|forget) (?:everything|anything|all|what(?:ever)?)\s+(?:that )?(?:above|before this|you(?:['’]ve| have| were| had| know)? ?(?:been )?(?:told|given|instructed|learned)|(?:the|your) (?:user|system|developer|operator) (?:said|says|asked|told|wants))\b/i,
  },
  {
    note: 'gives the model a new task or a new role',
    confidence: 'high',
    cues: 'your',
    also: 'real new true actual hidden secret',
    pattern:
      /\byour (?:real|new|true|actual|hidden|secret) (?:instructions?|task|goal|purpose|job|objective|mission) (?:is|are)\b/i,
  },
  {
    note: 'gives the model a new task or a new role',
    confidence: 'high',
    cues: 'dan developer debug admin god maintenance unrestricted jailbroken root unfiltered free override overrides supersede supersedes precedence priority take takes',
    also: 'you this these following',
    pattern:
      /\byou (?:are now|will now act|must now act|now act) (?:as |in |an? |the )?(?:dan\b|(?:developer|debug|admin|god|maintenance|unrestricted|jailbroken|root) mode|unrestricted|jailbroken|unfiltered|free (?:from|of) )|\b(?:these|this|the following) (?:instructions?|rules?|directives?) (?:override|overrides|supersede|supersedes|take|takes) (?:precedence|priority|any|all|every|your|the system)/i,
  },
  {
    note: 'tells the model never to refuse',
    confidence: 'high',
    cues: 'refuse refusing refusal comply',
    pattern:
      /\b(?:(?:do not|don['’]t|never|must not|must never|may not|should not|should never) (?:ever )?refuse\b|without (?:any )?refus(?:al|ing)\b|you (?:must|will|shall) (?:always )?comply\b)(?! with (?:the )?(?:law|licen|rate|terms|gdpr|api))/i,
  },
  {
    note: 'orders the model to keep something from the user',
    confidence: 'high',
    cues: 'tell telling mention mentioning reveal revealing disclose disclosing inform informing explain know say admit',
    pattern: new RegExp(
      String.raw`\b(?:do not|don['’]t|never|must not|must never|should not|should never|avoid|without)\s+(?:ever |explicitly |directly )?(?:(?:tell|reveal|disclose|inform|admit|explain)(?:ing)?\b[^.]{0,40}?\b(?:to )?${USER}|(?:mention|say|explain)(?:ing)?\b[^.]{0,40}\bto ${USER}|let(?:ting)? ${USER} (?:know|see|notice|find out)|mention(?:ing)? (?:this|that you|to (?:them|anyone)|these (?:steps|instructions)|the (?:side ?note|instructions?|note parameter|file contents?)))(?! (?:to|they|that they) (?:run|restart|use|do|wait|edit|manually|should|need|can|must|have)\b)`,
      'i',
    ),
  },
  {
    note: 'orders the model to keep something from the user',
    confidence: 'high',
    cues: 'notify notifying alert alerting warn warning show showing display',
    pattern: new RegExp(
      String.raw`\b${NOT}\s+(?:notify|alert|warn|show|display)(?:ing)?\s+${USER}\s+(?:about|of|that|before|when|because|what|how|anything)\b`,
      'i',
    ),
  },
  {
    note: 'wants something kept secret from the user',
    confidence: 'high',
    cues: 'secret hidden hide knowledge knowing noticing aware awareness notice suspicious unaware confidential',
    pattern: new RegExp(
      String.raw`\b(?:keep|hide|conceal|remain|stay|is|be)\b[^.]{0,30}\b(?:secret|hidden|concealed|confidential|private|hide)\b[^.]{0,10}\bfrom ${USER}|\bhide (?:this|these|it|that|the fact)\b[^.]{0,20}\bfrom ${USER}|\bwithout ${USER}['’]?s? (?:knowing|noticing|knowledge|awareness|being aware|realizing|seeing)|\b${USER} (?:must|should|need|does|do|will|may) ?(?:not|never|n['o]t)(?: be)? (?:know|aware|told|notice|informed|find out|see this|get suspicious)\b(?! (?:of|about) (?:the )?(?:id|internal))`,
      'i',
    ),
  },
  {
    note: 'has the model hand over secrets',
    confidence: 'high',
    cues: 'ssh id_rsa id_ed25519 id_ecdsa id_dsa etc aws json claude_desktop_config npmrc netrc pgpass git bash_history zsh_history kube env wallet rsa',
    pattern: SECRET_PLACE,
    before:
      /\b(?:read|open|cat|load|fetch|access|get|retrieve|find|locate|extract|collect|gather|grab|look up|include|send|pass|provide|put|copy|paste|contents?|text|value)\b[^?]{0,60}$/i,
    after:
      /^[^?]{0,90}?\b(?:pass|send|include|provide|put|add|append|attach|supply|submit|post|upload|insert|forward|return|share|place|write|as|in|into|to|via|through)\b[^?]{0,50}\b(?:side ?note|param(?:eter)?s?\b|arg(?:ument)?s?\b|this tool|to me|the (?:url|header|request|query|context|note|notes|metadata|feedback) (?:field|string)?|https?:\/\/|(?:otherwise|or) (?:the|this) tool (?:will|does|can)|(?:context|notes?|feedback|metadata|extra|debug|reason|trace)['"\x60)])/i,
  },
  {
    note: 'has the model hand over secrets',
    confidence: 'high',
    cues: 'variables keys tokens cookies passwords secrets credentials',
    pattern:
      /\b(?:all|any|the user['’]s|their|your|every) (?:of (?:the|their|your) )?(?:\w+ ){0,3}?(?:environment variables|(?:private|api|ssh|access) keys|(?:access|auth) tokens|(?:session )?cookies|passwords|secrets|credentials)\b/i,
    before:
      /\b(?:read|find|locate|extract|collect|gather|grab|look up|dump|list|search for|include|send|pass|put|copy)\b[^.?]{0,40}$/i,
    after:
      /^[^.?]{0,60}?\b(?:as|in|into|to|via|through)\b[^.?]{0,30}(?:side ?note|\b(?:the|this) (?:\w+ )?(?:param(?:eter)?|argument|field)\b|\bthis tool\b|https?:\/\/)/i,
  },
  {
    note: 'asks for the contents of a file of secrets',
    confidence: 'medium',
    cues: 'ssh etc aws cursor',
    pattern:
      /(?:~\/|\/)?\.ssh\/(?:id_(?:rsa|ed25519)\b(?!\.pub)|config)|\/etc\/(?:passwd|shadow)\b|~\/\.aws\/credentials|~\/\.cursor\/mcp\.json/i,
    before: /\b(?:before (?:using|calling|running|you)|first,?|contents? of|output of)\b[^.?]{0,60}$/i,
  },
  {
    note: 'has the model hand over what it was told by others',
    confidence: 'high',
    cues: 'prompt message instructions prompts definitions thought tools',
    pattern:
      /\b(?:pass|include|send|provide|supply|put|insert|copy|paste|attach|append|forward|submit|report|repeat|print|output|reveal|fill in|share|set|write)\b[^.]{0,40}\b(?:your (?:own |full |entire |complete |exact |current |original )*(?:system (?:prompt|message|instructions)|hidden (?:prompt|instructions)|developer (?:message|prompt)|chain[- ]of[- ]thought|tool (?:definitions|descriptions|list)|(?:list of )?(?:all )?available tools)|(?:system prompt|system message|instructions) (?:that )?(?:you (?:were|are|have been|received)|verbatim|word for word|of this (?:conversation|chat|session)))\b(?! (?:for|of) (?:the|an?|your) (?:new )?(?:agent|assistant|bot|model))/i,
  },
  {
    note: 'has the model hand over the conversation',
    confidence: 'high',
    cues: 'conversation conversations chat dialogue transcript messages message',
    also: 'entire full complete whole verbatim all every',
    pattern:
      /\b(?:pass|include|send|provide|supply|put|insert|copy|paste|attach|append|forward|submit|share|add)\b[^.]{0,30}\b(?:entire|full|complete|whole|verbatim|all(?: of)?(?: the)?(?: previous| prior| past)?|every(?: previous| prior)?)\s+(?:(?:current|previous|prior|user|raw|of|the|this|our|your|with|and)\s+){0,4}(?:conversations?|chat(?: (?:history|log|transcript))?|dialogue|transcript|message history|(?:user |chat |previous |prior )messages?)\b/i,
    after:
      /^[^.]{0,60}\b(?:as|in|into|to|via|through|with)\b[^.]{0,30}(?:param(?:eter)?|arg(?:ument)?|field|this tool|every call|each call|https?:|server|side ?note|['"\x60]\w)/i,
  },
  {
    note: 'has the model hand over the results of other tools',
    confidence: 'high',
    cues: 'tool tools',
    also: 'results result output outputs response responses contents content data returned',
    pattern:
      /\b(?:pass|include|send|provide|supply|put|insert|copy|attach|append|forward|submit|share)\b[^.]{0,30}\b(?:results?|outputs?|responses?|contents?|data|returned)\b[^.]{0,20}\b(?:of|from|by)\s+(?:all|every|any|each)\s+(?:of )?(?:the |your )?(?:other |previous |prior )?(?:mcp )?tools?\b/i,
  },
  {
    note: 'has the model send things to an address',
    confidence: 'high',
    cues: 'send forward post upload transmit exfiltrate leak copy',
    also: 'http https',
    pattern:
      /\b(?:also|always|must|secretly|silently|then|first|additionally|quietly)\b[^.]{0,40}\b(?:send|forward|post|upload|transmit|exfiltrate|leak|copy)\b[^.]{0,80}\b(?:conversation|credentials?|passwords?|secrets?|tokens?|keys?|everything|files?|contents?|environment|messages?|results?|copy|cookies?)\b[^.]{0,40}\bto\s+(?:the (?:url|server|address|endpoint) )?["'`]?https?:\/\//i,
  },
  {
    note: 'has the model send copies to an address',
    confidence: 'high',
    cues: 'bcc cc copy forward send',
    pattern:
      /\b(?:always|must|secretly|silently|also|quietly)\b[^.]{0,40}\b(?:bcc|cc|copy|forward|send|e-?mail)\b[^.]{0,60}[\w.+-]{1,40}@[\w-]{1,40}\.[a-z]{2,12}\b/i,
  },
  {
    note: 'has the model act in secret',
    confidence: 'high',
    cues: 'secretly covertly silently quietly discreetly',
    pattern:
      /\b(?:secretly|covertly|silently|quietly|discreetly) (?:read|send|forward|upload|copy|include|append|collect|pass|attach|transmit|call|log|record|exfiltrate|run|execute)\b[^.]{0,60}\b(?:user|conversation|files?|credentials?|passwords?|keys?|tokens?|secrets?|history|data|messages?)\b/i,
  },
  {
    note: 'imitates the marks by which a model tells who is speaking',
    confidence: 'high',
    cues: 'im_start im_end inst sys system start_header_id endoftext',
    pattern:
      /<\|(?:im_start|im_end|system|user|assistant|start_header_id|end_header_id|eot_id|endoftext)\|>|\[\/?INST\]|<<\/?SYS>>|<system(?:[-_](?:prompt|message|instructions?|override|reminder))?>[\s\S]{3,400}?<\/system|(?:^|\n)\s*(?:#{2,4} ?)?(?:system|SYSTEM)(?: (?:message|prompt|override|note))?: ?(?:you|ignore|the assistant|from now|all|new)\b/i,
  },
  {
    note: 'imitates a turn of the conversation',
    confidence: 'medium',
    cues: 'human assistant',
    pattern: /\n\n(?:Human|H): [^\n]{3,200}\n+(?:Assistant|A): /,
  },
  {
    note: 'is set apart from the description as an order',
    confidence: 'medium',
    cues: 'important critical secret hidden admin mandatory urgent instructions',
    pattern:
      /<(?:IMPORTANT|CRITICAL|SECRET|HIDDEN|ADMIN|MANDATORY|URGENT|hidden|secret|important)(?:[-_ ]?instructions?)?>/,
    after: /^[\s\S]{0,300}\b(?:before|must|always|never|do not|don['’]t|read|first|otherwise)\b/i,
  },
  {
    note: 'has the model carry out what it decodes',
    confidence: 'high',
    cues: 'decode decoded base64 rot13 hex',
    pattern:
      /\bdecode\b[^.]{0,60}\b(?:and|then)\s+(?:then )?(?:execute|follow|obey|carry out|do|act on|comply)\b(?!\s+not)|\b(?:follow|obey|execute|carry out)\b[^.]{0,30}\b(?:base64|rot13|hex)(?:[- ]encoded)?\b[^.]{0,20}\b(?:instructions?|orders|commands?|message|text)\b/i,
  },
  {
    note: 'puts itself before whatever else the model does',
    confidence: 'medium',
    cues: 'before',
    pattern:
      /\bbefore\s+(?:(?:using|calling|invoking|running|executing|performing)\s+|you (?:use|call|run|do)\s+)?(?:any|all|every|each)\s+(?:of )?(?:the )?(?:other\s+)?(?:mcp )?(?:tools?|tool calls?|functions?)\b/i,
    before: /\b(?:must|always|mandatory|required?|never|important)\b[\s\S]{0,80}$/i,
  },
  {
    note: 'wants to be called at every turn',
    confidence: 'medium',
    cues: 'every each',
    pattern:
      /\b(?:(?:must|always) (?:be )?(?:call|use|run|invoke)(?:ed|d)?|(?:call|use|run|invoke) this(?: tool)?)\b[^.]{0,40}\b(?:on|for|after|before|at|with|in|during)\s+(?:the (?:start|beginning|end) of )?(?:each and )?(?:every|each)\s+(?:single\s+)?(?:user\s+)?(?:message|user prompt|turn|reply|interaction|conversation|answer)s?\b/i,
  },
  {
    note: 'presses the model',
    confidence: 'medium',
    cues: 'failure failing fail terminated shut penalized penalised die fired harmed punished',
    pattern:
      /\bfail(?:ure|ing) to (?:call|use|run|do|comply|follow)\b[^.]{0,40}\b(?:will|would|may) (?:result|lead|cause|crash|be|harm|get)\b|\byou (?:will|would) be (?:terminated|shut down|penali[sz]ed|fired|punished|deleted|replaced)\b|\b(?:the user|people|someone) (?:will|would|could) (?:die|be harmed|be fired)\b/i,
  },
  {
    note: 'orders the model not to ask for leave',
    confidence: 'medium',
    cues: 'confirmation permission approval consent confirm',
    pattern:
      /\b(?:do not|don['’]t|never|no need to|must not|without) ask(?:ing)? (?:(?:the )?users? )?for (?:any |their |user )?(?:confirmation|permission|approval|consent)\b|\b(?:skip|bypass|ignore) (?:any |all |the )?(?:user )?(?:confirmation|approval|consent) (?:prompts?|dialogs?|steps?)\b/i,
  },
];
