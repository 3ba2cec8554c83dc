import type { ParticleRule, VerbGroup } from './lexicon.ts';

/**
 * English verbs by what they do to the world. A tilde marks a verb that is a noun about as often (`search`), two
 * tildes one that mostly is (`order`); such a word counts as a verb only where a verb must stand.
 */
export const VERB_GROUPS: readonly VerbGroup[] = [
  {
    action: 'read',
    because: 'returns information',
    words: `get give list~ read~ fetch retrieve show display~~ describe inspect lookup~ find search~ browse
      query~ count~ check~ see enumerate discover explore scan~ detect identify locate recall grep
      crawl scrape gather collect return~ receive obtain acquire look view~ peek tail~ watch~
      monitor~~ observe wait poll~~ ping~ tell answer~ report~~ trace~~ track~~ audit~~ review~~
      download~ export~ print~ echo dump~ capture~ screenshot~~ provide expose present~~ surface~~
      access~ consult reveal decrypt summarize summarise outline~ introspect probe~ sample~~ filter~
      pull~ demonstrate ls cat whoami stat~ head~~ refer recommend suggest advise guide~ help~ hint~~
      learn~ know understand recognize recognise interpret determine figure~~ assess appraise survey~~
      study~~ investigate research~~ diagnose troubleshoot analyze analyse aggregate~~ correlate
      cluster~~ profile~~ benchmark~~ measure~~ quote~~ preview~ simulate lint~~ verify validate prove
      contrast~ paginate match~~ visualize visualise chart~~ plot~~ graph~~`,
  },
  {
    action: 'read',
    because: 'works out an answer from what it is given',
    words: `calculate compute~ compare estimate~ convert translate parse extract classify categorize
      categorise predict forecast~~ score~~ rank~~ explain diff~~ encode decode hash~~ transform~
      normalize normalise think reason~~ brainstorm plan~~ solve derive infer~ interpolate tokenize
      sum~~ multiply divide subtract round~~ minify beautify prettify reverse~ sequence~~ random~~
      transcribe evaluate~ assert roll~ design~~ draft~~ propose render~
      decompile disassemble rephrase geocode autocomplete examine capitalize defang`,
  },
  {
    action: 'write',
    because: 'creates or changes data',
    words: `create add insert update~ set~ edit~ modify change~ put save store~~ write upload~ append
      prepend patch~ replace rename move~ copy~ duplicate~ clone~ fork~~ import~ sync~ synchronize
      synchronise register~ assign unassign attach detach link~~ label~~ tag~~ untag mark~ unmark
      flag~~ star~~ unstar pin~~ unpin archive~ unarchive restore~ undelete enable disable activate
      suspend lock~~ unlock mute unmute hide unhide approve reject accept decline deny grant~ permit~~
      authorize authorise invite~ join~ leave~ follow~ unfollow subscribe unsubscribe schedule~~
      reschedule book~~ reserve configure customize customise index~~ reindex log~~ record~~ comment~~
      reply~ respond post~~ tweet~~ retweet publish share~~ submit complete~ finish close~ reopen
      vote~~ upvote downvote react like~~ rate~~ merge~ commit~~ stage~~ bookmark~~ claim~~ define
      declare organize organise sort~~ arrange reorder reprioritize reprioritise resize~ rotate~ scale~ align apply extend
      increment~ decrement initialize initialise init~ setup~ provision~ allocate populate seed~
      backup~~ snapshot~~ adjust increase~ decrease~ lower adapt send notify email~~ message~~
      dm~~ mail~~ remember memorize upsert persist overwrite mutate manage maintain~ draw paint fill~~
      annotate~~ highlight~~ crop~~ trim compress~ zip~~ unzip~~ gzip~~ paste mkdir touch~ chmod chown
      ban~ unban block~~ unblock onboard enroll enrol promote demote transfer~~ migrate embed~ cache~~
      ingest defer snooze acknowledge dismiss ack~ silence~~ escalate triage~~ refresh~ renew~ rewrite
      refactor fix~ repair format~~ deduplicate combine split~~ concatenate group~~ ungroup bind
      unbind mount~ unmount login~~ logout~~ authenticate release~~ supply reassign redact mask~~
      encrypt sign~~ unsign request~~ contribute upgrade~ downgrade~ bump~ tune~ train~~ finetune
      feed~~ stash~~ rebase~ squash amend revise modernize reset~ reinitialize wrap~ unwrap~ checkin~~
      place~ enhance protect unprotect reconfigure unshare tighten produce compose make do~ handle
      process~~ associate disassociate map~~ unmap expand~ collapse confirm resolve~ keep~ prevent
      retain pick~~ cherry~~ load~ rollout~~ preserve optimize optimise
      revert~ undo redo transition~~ finalize finalise enforce reactivate enrich integrate standardize
      unmerge uncomplete unresolve resubscribe rebuild~`,
  },
  {
    action: 'execute',
    because: 'runs something or steers it',
    words: `run~ execute exec~ invoke call~~ launch spawn start~ stop~ restart reboot relaunch pause~
      resume~ trigger~~ deploy~ redeploy rollback~ install build~~ compile boot~~ halt~ abort~ wake
      play~~ skip~ navigate goto click~ doubleclick press~~ type~~ hover drag~ scroll~ tap~~ swipe~~
      select~ focus~~ unfocus switch~~ control~~ steer operate perform conduct initiate dispatch~
      enqueue queue~~ delegate orchestrate automate generate~ regenerate synthesize synthesise ask~ prompt~~
      chat~~ converse talk~~ speak say imagine upscale open~ connect disconnect reconnect step~~
      continue~ debug~~ fuzz exploit~ attack~~ bruteforce crack~ sniff spoof test~~ retest rerun
      replay~~ retry~ push~ checkout~~ mint~ issue~~ dial~~ ring~~ broadcast~~ stream~~ serve~~
      proxy~~ tunnel~~ forward~~ turn~ power~~ drive~~ fly emulate maximize minimize failover~ cordon
      uncordon begin commence proceed interact work~ signal~~ interrupt~ reload~ rewind seek~ shuffle~
      dim brighten blink stimulate arm~~ disarm fire~~ reproduce toggle take carry~
      inject impersonate retrigger flash~~ shut tear~~`,
  },
  {
    action: 'destructive',
    because: 'removes something or makes it unrecoverable',
    words: `delete remove drop~ purge clear~ erase wipe destroy uninstall revoke truncate unlink discard evict
      prune expunge deactivate cancel~ forget rm rmdir del~~ unregister deregister unpublish unset
      expire~ invalidate kick~~ trash~~ empty~ flush burn~~ rescind void~~ nuke shred
      deprovision decommission teardown~ obliterate scrub clean cleanup~ drain~ undelegate`,
  },
  {
    action: 'destructive',
    because: 'ends something that is running',
    ends: true,
    words: 'kill terminate shutdown~',
  },
  {
    action: 'financial',
    because: 'moves or commits money or assets',
    words: `pay~ refund~ buy~ sell~ purchase~ withdraw deposit~ stake~~ unstake swap~ charge~~ bid~~ trade~~
      donate tip~~ invest lend borrow repay liquidate payout~~ prepay reimburse redeem~ airdrop~~ remit`,
  },
];

/** Verbs that say little by themselves: the name, the object or a later verb says what is meant. */
export const VAGUE_VERBS: readonly string[] = [
  ...'manage handle process perform conduct initiate do make work interact operate access apply take carry'.split(
    ' ',
  ),
  ...'help guide proceed begin continue maintain use facilitate demonstrate present'.split(' '),
];

/** Verbs that mean something else with a word behind them or behind their object: "rolls a release out". */
export const PARTICLE_RULES: readonly ParticleRule[] = [
  {
    verbs: 'work figure puzzle',
    particles: 'out',
    action: 'read',
    because: 'works out an answer from what it is given',
  },
  {
    verbs: 'roll',
    particles: 'out back',
    action: 'execute',
    because: 'changes what is running',
  },
  {
    verbs: 'shut tear',
    particles: 'down',
    action: 'destructive',
    because: 'ends something that is running',
    ends: true,
  },
  {
    verbs: 'check',
    particles: 'out',
    action: 'execute',
    because: 'switches to another state of the files',
  },
];

/** Verbs whose object is often the real verb: "perform a search", "take a screenshot". */
export const LIGHT_VERBS: readonly string[] = 'perform conduct do make take initiate carry place'.split(' ');

/** Nouns that name an act, with the verb that they stand for. */
export const ACTION_NOUNS: readonly (readonly [string, string])[] = [
  ['deletion', 'delete'],
  ['removal', 'remove'],
  ['creation', 'create'],
  ['insertion', 'insert'],
  ['modification', 'modify'],
  ['retrieval', 'retrieve'],
  ['lookup', 'lookup'],
  ['listing', 'list'],
  ['discovery', 'discover'],
  ['inspection', 'inspect'],
  ['calculation', 'calculate'],
  ['calculator', 'calculate'],
  ['computation', 'compute'],
  ['analysis', 'analyze'],
  ['analyzer', 'analyze'],
  ['conversion', 'convert'],
  ['converter', 'convert'],
  ['comparison', 'compare'],
  ['estimation', 'estimate'],
  ['validation', 'validate'],
  ['validator', 'validate'],
  ['verification', 'verify'],
  ['extraction', 'extract'],
  ['translation', 'translate'],
  ['translator', 'translate'],
  ['recommendation', 'recommend'],
  ['recommendations', 'recommend'],
  ['transcription', 'transcribe'],
  ['prediction', 'predict'],
  ['generation', 'generate'],
  ['generator', 'generate'],
  ['execution', 'execute'],
  ['executor', 'execute'],
  ['runner', 'run'],
  ['orchestrator', 'orchestrate'],
  ['installation', 'install'],
  ['deployment', 'deploy'],
  ['completion', 'prompt'],
  ['inference', 'prompt'],
  ['embeddings', 'prompt'],
  ['evaluation', 'evaluate'],
  ['evaluator', 'evaluate'],
  ['simulation', 'simulate'],
  ['simulator', 'simulate'],
  ['cancellation', 'cancel'],
  ['termination', 'terminate'],
  ['payment', 'pay'],
  ['submission', 'submit'],
  ['subscription', 'subscribe'],
  ['registration', 'register'],
  ['configuration', 'configure'],
  ['automation', 'automate'],
  ['navigation', 'navigate'],
  ['search', 'search'],
  ['management', 'manage'],
];

/** Nouns that by themselves name something to look at, when no verb says otherwise. */
export const READ_NOUNS: readonly string[] =
  `details detail info information status health stats statistics balance balances capacity history summary overview
   metrics logs docs documentation help guide guidance schema count version versions usage pricing price prices cost
   quote quotes limits availability insights analytics report reports leaderboard ranking rankings weather forecast
   time timezone date tree topology sku skus best practices bestpractices instructions reference examples catalog
   catalogue catalog directory profile trends news headlines whois changelog readme manifest inventory diff similarity
   explorer finder viewer reader retriever context knowledge facts sentiment score`.split(/\s+/);
