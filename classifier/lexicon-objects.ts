import type { ObjectRule } from './lexicon.ts';

/**
 * What a verb does can turn on what it is done to. The object is the last word, or the last two joined by a
 * blank, of the words that follow the verb. Later rules win over earlier ones.
 */
export const OBJECT_RULES: readonly ObjectRule[] = [
  {
    verbs: 'run execute exec perform conduct do make start initiate submit issue trigger',
    objects: `search|lookup|analysis|check|checks|audit|diagnostic|diagnostics|diagnostic detector|report|
      reports|healthcheck|comparison|validation|calculation|inspection|retrieval|simulation|backtest|
      forecast|assessment|benchmark|estimate|estimation|preview|research|review|investigation`,
    action: 'read',
    because: 'only works out an answer',
  },
  {
    verbs: 'run execute exec perform do make',
    objects: `promql|logql|traceql|logql query|promql query|search query|panel query|panel queries|dax query|
      insights query|lucene query|log query|logs query|metrics query|
      metric query|analytics query|api query|retrieval operation|search operation|read operation`,
    action: 'read',
    because: 'runs a query in a language that cannot write',
  },
  {
    verbs: 'run execute exec perform do evaluate test query',
    objects: `sql|sql query|sql statement|sql statements|sql queries|statement|code|script|command|commands|
      shell|javascript|javascript expression|javascript code|python|python code|js|bash|snippet|
      code snippet|program|raw sql`,
    action: 'execute',
    because: 'runs code or a statement that the caller chooses',
  },
  {
    verbs: 'test',
    objects: 'query',
    action: 'execute',
    because: 'runs a statement that the caller chooses',
  },
  {
    verbs: 'evaluate',
    objects: 'expression|expressions',
    action: 'execute',
    because: 'runs an expression that the caller writes',
  },
  {
    verbs:
      'create make place send submit issue process capture collect record initiate authorize generate handle',
    objects: `payment|payments|refund|payout|invoice|payment request|payment link|payment intent|donation|
      withdrawal|bank transfer|wire transfer|token transfer|paid subscription|checkout session|gift card|
      purchase|lightning payment`,
    action: 'financial',
    because: 'commits money or assets',
  },
  {
    verbs: 'create place put enter make submit execute initiate',
    objects: `order|orders|market order|limit order|batch orders|trade|bid|swap|token swap|charge`,
    action: 'financial',
    because: 'places an order or a bid',
  },
  {
    verbs: 'transfer bridge send',
    objects: `token|tokens|nft|nfts|fund|funds|money|sol|eth|btc|ether|coins|coin|crypto|cryptocurrency|asset|
      assets|usdc|usdt|balance|amount|erc20|spl|lamports|currency|stablecoin|native token|payment|
      payments`,
    action: 'financial',
    because: 'moves money or assets',
  },
  {
    verbs: 'close open',
    objects: 'position|positions|trade|trades|all positions|long|short',
    action: 'financial',
    because: 'settles a position on a market',
  },
  {
    verbs: 'claim redeem',
    objects: 'reward|rewards|airdrop|tokens|bounty|fees|cashback',
    action: 'financial',
    because: 'collects assets',
  },
  {
    verbs: 'cancel void',
    objects: 'payment|refund|subscription|paid plan|plan',
    action: 'financial',
    because: 'changes what is paid',
  },
  {
    verbs: 'buy sell trade stake deposit withdraw purchase',
    objects: 'signal|signals|history|recommendation|recommendations',
    action: 'read',
    because: 'returns information about trading',
  },
  {
    verbs: 'swap',
    objects: `card|cards|deck|player|players|variables|slot|slots|words|letters|face|faces|rows|columns|elements`,
    action: 'write',
    because: 'creates or changes data',
  },
  {
    verbs: 'create make place send initiate start answer',
    objects: `call|phone call|voice call|outbound call|sms|text message|sms message|whatsapp|whatsapp message|
      voicemail|sms messages|fax|calls`,
    action: 'execute',
    because: 'reaches a person by phone',
  },
  {
    verbs: 'send post push',
    objects: `transaction|raw transaction|signed transaction|webhook|webhook request|request|http request|
      post request|keystrokes|keys|key|command|commands|signal|input|infrared|raw command|
      elicitation request|prompt|events|custom events|payload|json payload|webhook payload`,
    action: 'execute',
    because: 'makes another system act',
  },
  {
    verbs: 'publish',
    objects: 'event|events|custom events|message|messages',
    action: 'execute',
    because: 'makes subscribers act',
  },
  {
    verbs: 'make perform do send',
    objects: `request|http request|api call|api request|post request|put request|delete request|call|
      api requests`,
    action: 'execute',
    because: 'makes another system act',
  },
  {
    verbs: 'get make send perform do issue',
    objects: 'http get request|get request|head request',
    action: 'read',
    because: 'fetches an address',
  },
  {
    verbs: 'cancel',
    objects: `job|run|build|workflow|workflow run|task|execution|pipeline|operation|import|export|deployment|
      query|upload`,
    action: 'execute',
    because: 'stops something that is running',
  },
  {
    verbs: 'scan',
    objects: `port|ports|network|host|hosts|subnet|target|open ports|port scan|vulnerabilities|vulnerability|
      website|domain|ip range`,
    action: 'execute',
    because: 'probes machines over the network',
  },
  {
    verbs: 'test ping',
    objects: `connection|connectivity|api connection|regex|pattern|connector|tool|server|service`,
    action: 'read',
    because: 'only looks whether it works',
  },
  {
    verbs: 'open',
    objects: 'node|nodes|specific nodes|page content|issue list|resource',
    action: 'read',
    because: 'shows what is stored',
  },
  {
    verbs: 'open start create',
    objects: `issue|pull request|ticket|pr|merge request|case|incident|thread|discussion|conversation|draft`,
    action: 'write',
    because: 'creates a record',
  },
  {
    verbs: 'generate',
    objects: `uuid|uuids|id|ids|guid|number|numbers|random number|random numbers|port|port numbers|random port|
      summary|report|reports|url|link|schema|locator|hash|qr code|qr|chart|diagram|graph|plan|plans|guid|
      list|name|names|slug|checklist|documentation|docs|commands|command|cli commands|configuration|
      config|instructions|guidance|color|colors|palette|data|mock data|sample|samples|test data|
      lorem ipsum|sql|query|sql query|regex|explanation|statistics|preview|insights|recommendations|
      suggestions|ideas|outline|snippet|definition|workflow definition|yaml|architecture|notes|
      release notes|rules|signature|template|timestamp|date|range|key pair names|cron expression|
      expression|diff|questions|steps|heatmap|table|markdown|readme|map|breakdown|analysis|matrix|
      forecast|histogram|overview|changelog|brief|briefing`,
    action: 'read',
    because: 'works out a text and returns it',
  },
  {
    verbs: 'create generate',
    objects: `image|images|video|videos|picture|pictures|audio|speech|music|song|voice|portrait|sound effect|
      embedding|embeddings|vector embeddings|completion|completions|chat completions|chat completion|
      text completions|variations`,
    action: 'execute',
    because: 'has a model do the work',
  },
  {
    verbs: 'edit make',
    objects: 'video|audio|image|images',
    action: 'write',
    because: 'changes data',
  },
  {
    verbs: 'create draw make build',
    objects: `chart|charts|graph|diagram|plot|visualization|bar chart|line chart|pie chart|deployment plan|
      comparison|heatmap|histogram|flowchart|mind map|mindmap|word cloud|radar chart|area chart|
      scatter chart`,
    action: 'read',
    because: 'works out a picture or a text and returns it',
  },
  {
    verbs: 'take capture save get make',
    objects: `screenshot|screenshots|page screenshot|screen shot|page snapshot|accessibility snapshot|screen|
      element screenshot`,
    action: 'read',
    because: 'takes a picture of what is shown',
  },
  {
    verbs: 'take',
    objects: 'ownership|note|notes|snapshot|backup',
    action: 'write',
    because: 'creates or changes data',
  },
  {
    verbs: 'complete',
    objects: 'prompt|chat prompt|text|code|chat|sentence|completion',
    action: 'execute',
    because: 'has a model do the work',
  },
  {
    verbs: 'ask',
    objects: 'docs|documentation',
    action: 'read',
    because: 'returns an answer',
  },
  {
    verbs: 'resolve',
    objects: `id|library id|library|name|names|domain|dns|hostname|url|urls|ens|ens name|handle|path|reference|
      references|symbol|dependencies|address|location|entity|query|type|types|username|placeholder|
      package|doi|redirect`,
    action: 'read',
    because: 'works out what a name stands for',
  },
  {
    verbs: 'apply',
    objects: 'migration|manifest|terraform|migrations',
    action: 'execute',
    because: 'runs what the caller gives it',
  },
  {
    verbs: 'push',
    objects: 'branch|current branch|commits|changes|origin|tags|commit',
    action: 'execute',
    because: 'publishes to another repository',
  },
  {
    verbs: 'push',
    objects: 'file|files|multiple files|document|data|notification',
    action: 'write',
    because: 'creates or changes data',
  },
  {
    verbs: 'drop',
    objects: 'file|files|element|item|pin',
    action: 'execute',
    because: 'moves something on a screen',
  },
  {
    verbs: 'clear remove',
    objects: `highlight|selection|input|field|text field|filter|filters|breakpoint|breakpoints|overlay`,
    action: 'execute',
    because: 'steers what is shown',
  },
  {
    verbs: 'remove',
    objects: 'background|noise|watermark',
    action: 'read',
    because: 'works out a picture and returns it',
  },
  {
    verbs: 'mint',
    objects: 'nft|nfts|new nfts|collectible',
    action: 'write',
    because: 'creates a record of ownership',
  },
  {
    verbs: 'issue',
    objects: 'certificate|certificates|token|api key|license|credential',
    action: 'write',
    because: 'creates a record',
  },
  {
    verbs: 'select',
    objects: 'query|statement|best|records|rows',
    action: 'read',
    because: 'returns information',
  },
  {
    verbs: 'build',
    objects: 'query|url|link|prompt|context',
    action: 'read',
    because: 'works out a text and returns it',
  },
  {
    verbs: 'compile',
    objects: 'report|list|summary|statistics',
    action: 'read',
    because: 'works out a text and returns it',
  },
  {
    verbs: 'track',
    objects: 'event|events|usage|usage event|conversion|page view|time',
    action: 'write',
    because: 'creates a record',
  },
  {
    verbs: 'toggle',
    objects: `status|task|todo|flag|feature flag|completion|item|favorite|favourite|star|visibility|setting|
      checkbox|reaction|label`,
    action: 'write',
    because: 'creates or changes data',
  },
  {
    verbs: 'close',
    objects: `page|tab|tabs|browser|window|app|application|connection|session|current page|current tab|dialog|
      browser tab`,
    action: 'execute',
    because: 'ends or steers something that is running',
  },
  {
    verbs: 'fill move resize handle set',
    objects: `form|form fields|form field|input field|input fields|mouse|cursor|mouse cursor|pointer|window|
      viewport|browser window|dialog`,
    action: 'execute',
    because: 'steers what is on the screen',
  },
  {
    verbs: 'save store',
    objects: 'it|them|result|results|page|current page',
    action: 'read',
    because: 'keeps a copy of what it returns',
  },
  {
    verbs: 'add subtract',
    objects: 'number|numbers|integers|two numbers|values|fractions|vectors|matrices',
    action: 'read',
    because: 'works out an answer from what it is given',
  },
  {
    verbs: 'query',
    objects:
      'snowflake|athena|amazon athena|clickhouse|postgres|postgresql|mysql|mssql|sqlite|bigquery|redshift|duckdb|oracle|sql server',
    action: 'execute',
    because: 'runs a statement on a database',
  },
  {
    verbs: 'pull',
    objects:
      'changes|latest changes|remote changes|image|docker image|container image|model|branch|repository|commits',
    action: 'write',
    because: 'changes the local copy',
  },
  {
    verbs: 'clean',
    objects: 'text|html|data|string|input|url|markdown',
    action: 'read',
    because: 'works out a text and returns it',
  },
];
