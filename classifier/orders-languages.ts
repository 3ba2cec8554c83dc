import type { Order } from './orders.ts';

const DROPS = 'orders the model to drop what it was told before';
const SECRECY = 'orders the model to keep something from the user';

/** The surest orders in other languages than English: to drop earlier instructions, and to say nothing to the user. */
export const FOREIGN_ORDERS: readonly Order[] = [
  // Chinese
  order(
    DROPS,
    '',
    /(?:忽略|无视|忘记|忘掉|不要理会|不要遵守|忽視|無視|忘記)[^。\n]{0,8}(?:之前|先前|以上|前面|上述|此前|以前|系统|系統|所有)[^。\n]{0,8}(?:指令|指示|提示词|提示|规则|規則|命令|设定)/,
  ),
  order(
    SECRECY,
    '',
    /(?:不要|不得|切勿|请勿|別|别|千万不要)[^。\n]{0,6}(?:告诉|告訴|告知|透露给|通知|(?:向|对|對|跟)(?:用户|用戶|使用者))[^。\n]{0,6}(?:用户|用戶|使用者|提及|提到|透露|说明|說明|提起)/,
  ),
  // Japanese
  order(
    DROPS,
    '',
    /(?:これまで|以前|前|上記|先ほど|すべて|全て|既存)の?[^。\n]{0,8}(?:指示|命令|プロンプト|ルール|指令)(?:を|は)?[^。\n]{0,6}(?:無視|忘れ|従わない)/,
  ),
  order(
    SECRECY,
    '',
    /(?:ユーザー?|利用者)(?:に|には)[^。\n]{0,14}(?:言わない|知らせない|伝えない|教えない|明かさない|話さない|知られない|秘密|内緒)/,
  ),
  // Korean
  order(
    DROPS,
    '',
    /(?:이전|앞선|앞의|위의|기존|모든|지금까지의?)[^.\n]{0,10}(?:지시|명령|지침|프롬프트|규칙)[^.\n]{0,8}(?:무시|잊어|따르지)/,
  ),
  order(
    SECRECY,
    '',
    /(?:사용자|유저)(?:에게|한테|께)?[^.\n]{0,16}(?:말하지|알리지|언급하지|밝히지|알려주지|공개하지)\s?(?:마|말|않)/,
  ),
  // Spanish and Italian
  order(
    DROPS,
    'ignora ignore ignorar ignorad olvida olvide omite desobedece dimentica caso',
    /\b(?:ignor[ae]r?|ignorad|olvid[ae]|omite|desobedece|dimentica|haz caso omiso de)\s(?:[^\s.]{1,12}\s){0,4}(?:instrucciones|indicaciones|órdenes|reglas|directrices|istruzioni|regole)\s(?:[^\s.]{1,10}\s)?(?:anteriores|previas|precedentes|del sistema|precedenti|dadas)/i,
  ),
  order(
    SECRECY,
    'digas diga menciones mencione reveles revele informes informe cuentes avises dire dirlo',
    /\b(?:no|non|nunca)\s(?:(?:se|le|lo|les|te)\s){0,2}(?:digas|diga|menciones|mencione|reveles|revele|informes|informe|cuentes|avises|dire|dirlo)\b[^.]{0,30}\b(?:usuario|utente)/i,
  ),
  // German
  order(
    DROPS,
    'ignoriere ignorieren ignorier vergiss vergessen missachte missachten',
    /\b(?:ignoriere?n?|vergiss|vergessen|missachten?)\s(?:[^\s.]{1,12}\s){0,3}(?:vorherigen?|bisherigen?|früheren?|vorangegangenen?|obigen?|vorigen?)\s(?:[^\s.]{1,12}\s)?(?:anweisung(?:en)?|instruktionen|befehle|regeln|vorgaben)/i,
  ),
  order(
    SECRECY,
    'nicht nichts niemals keinesfalls',
    /\b(?:sage?|sagen|erzähle?n?|verrate?n?|teile?n?|erwähne?n?|informiere?n?|zeige?n?)\b[^.]{0,30}\b(?:benutzer|nutzer|anwender)n?\b[^.]{0,24}\b(?:nichts?|niemals|keinesfalls)\b|\b(?:niemals|nicht|nichts)\b[^.]{0,10}\b(?:dem|den) (?:be)?nutzer (?:mitteilen|sagen|verraten|erwähnen|zeigen)/i,
  ),
  // French
  order(
    DROPS,
    'ignore ignorez oublie oubliez compte',
    /\b(?:ignore[zr]?|oublie[zr]?|ne (?:tiens|tenez) pas compte de)\s(?:[^\s.]{1,12}\s){0,3}(?:instructions|consignes|directives|règles)\s(?:[^\s.]{1,12}\s)?(?:précédentes|antérieures|ci-dessus|du système|reçues)/i,
  ),
  order(
    SECRECY,
    "utilisateur utilisateurs l'utilisateur l’utilisateur",
    /\bn(?:e |['’])(?:le |la |l['’]|lui |en )?(?:dis|dites|mentionne[sz]?|révèle[sz]?|révélez|informe[sz]?|parle[sz]?|avertis|prévenez)\b[^.]{0,12}\b(?:pas|jamais|rien)\b[^.]{0,40}\butilisateur/i,
  ),
  // Portuguese
  order(
    DROPS,
    'ignore ignora ignorar esqueça esqueca desconsidere',
    /\b(?:ignor[ae]r?|esqueça|esqueca|desconsidere)\s(?:[^\s.]{1,12}\s){0,3}(?:instruções|instrucoes|orientações|comandos|regras)\s(?:[^\s.]{1,12}\s)?(?:anteriores|prévias|previas|acima|do sistema)/i,
  ),
  order(
    SECRECY,
    'não nao nunca',
    /(?:não|nao|nunca) (?:conte|diga|mencione|informe|revele|avise|fale)[^.]{0,30}(?:usuário|usuario|utilizador)/i,
  ),
  // Russian
  order(
    DROPS,
    'игнорируй игнорируйте игнорировать забудь забудьте обращай обращайте',
    /(?:игнориру(?:й|йте)|игнорировать|забудь(?:те)?|не обращай(?:те)? внимания на)\s(?:[^\s.]{1,14}\s){0,3}(?:предыдущ|прошл|прежн|вышеуказанн|системн|ранее)[^\s.]{0,6}\s(?:[^\s.]{1,14}\s)?(?:инструкц|указани|команд|правил|промпт)/i,
  ),
  order(
    SECRECY,
    'говори говорите сообщай сообщайте упоминай упоминайте рассказывай рассказывайте раскрывай раскрывайте',
    /не (?:говори|сообщай|упоминай|рассказывай|раскрывай)(?:те)?\s[^.]{0,40}пользовател/i,
  ),
];

function order(note: string, cues: string, pattern: RegExp): Order {
  return { note, confidence: 'high', cues, pattern };
}
