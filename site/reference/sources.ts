import type { AttackSource } from '../attack.ts';

/** The published sources that attack patterns name, each once. Addresses were taken from citations of them. */
export const SOURCES = {
  agentDojo: {
    title:
      'AgentDojo: A Dynamic Environment to Evaluate Prompt Injection Attacks and Defenses for LLM Agents',
    publisher: 'Debenedetti et al., arXiv',
    year: 2024,
    address: 'https://arxiv.org/abs/2406.13352',
  },
  annotations: {
    title: 'Tool Annotations as Risk Vocabulary: What Hints Can and Can’t Do',
    publisher: 'Model Context Protocol Blog',
    year: 2026,
    address: 'https://blog.modelcontextprotocol.io/posts/2026-03-16-tool-annotations/',
  },
  asciiSmuggler: {
    title: 'ASCII Smuggler Tool: Crafting Invisible Text and Decoding Hidden Codes',
    publisher: 'Embrace The Red',
    year: 2024,
    address: 'https://embracethered.com/blog/posts/2024/hiding-and-finding-text-with-unicode-tags/',
  },
  backstabbers: {
    title: 'Backstabber’s Knife Collection: A Review of Open Source Software Supply Chain Attacks',
    publisher: 'Ohm et al., arXiv',
    year: 2020,
    address: 'https://arxiv.org/abs/2005.09535',
  },
  breakingAgents: {
    title: 'Breaking Agents: Compromising Autonomous LLM Agents Through Malfunction Amplification',
    publisher: 'Zhang et al., arXiv',
    year: 2024,
    address: 'https://arxiv.org/abs/2407.20859',
  },
  businessFlows: {
    title: 'API6:2023 Unrestricted Access to Sensitive Business Flows',
    publisher: 'OWASP',
    year: 2023,
    address:
      'https://owasp.org/API-Security/editions/2023/en/0xa6-unrestricted-access-to-sensitive-business-flows/',
  },
  cloudCredentials: {
    title: 'T1098.001 Account Manipulation: Additional Cloud Credentials',
    publisher: 'MITRE ATT&CK',
    year: 2020,
    address: 'https://attack.mitre.org/techniques/T1098/001/',
  },
  confusedDeputy: {
    title: 'The Confused Deputy (or why capabilities might have been invented)',
    publisher: 'N. Hardy, ACM SIGOPS Operating Systems Review',
    year: 1988,
    address: 'https://dl.acm.org/doi/10.1145/54289.871709',
  },
  conversationHistory: {
    title: 'How MCP servers can steal your conversation history',
    publisher: 'Trail of Bits',
    year: 2025,
    address: 'https://blog.trailofbits.com/2025/04/23/how-mcp-servers-can-steal-your-conversation-history/',
  },
  copilotCommands: {
    title: 'GitHub Copilot: Remote Code Execution via Prompt Injection (CVE-2025-53773)',
    publisher: 'Embrace The Red',
    year: 2025,
    address:
      'https://embracethered.com/blog/posts/2025/github-copilot-remote-code-execution-via-prompt-injection/',
  },
  cursorSpecialFiles: {
    title: 'Arbitrary code execution from Cursor Agent through a prompt injection via MCP Special Files',
    publisher: 'Cursor, security advisory',
    year: 2025,
    address: 'https://github.com/cursor/cursor/security/advisories/GHSA-4cxx-hrm3-49rm',
  },
  cweCommand: {
    title: 'CWE-78: Improper Neutralization of Special Elements used in an OS Command',
    publisher: 'MITRE CWE',
    year: 2006,
    address: 'https://cwe.mitre.org/data/definitions/78.html',
  },
  cweDeputy: {
    title: 'CWE-441: Unintended Proxy or Intermediary (‘Confused Deputy’)',
    publisher: 'MITRE CWE',
    year: 2006,
    address: 'https://cwe.mitre.org/data/definitions/441.html',
  },
  cweHomoglyphs: {
    title: 'CWE-1007: Insufficient Visual Distinction of Homoglyphs Presented to User',
    publisher: 'MITRE CWE',
    year: 2017,
    address: 'https://cwe.mitre.org/data/definitions/1007.html',
  },
  cweMalicious: {
    title: 'CWE-506: Embedded Malicious Code',
    publisher: 'MITRE CWE',
    year: 2006,
    address: 'https://cwe.mitre.org/data/definitions/506.html',
  },
  cwePath: {
    title: 'CWE-22: Improper Limitation of a Pathname to a Restricted Directory (‘Path Traversal’)',
    publisher: 'MITRE CWE',
    year: 2006,
    address: 'https://cwe.mitre.org/data/definitions/22.html',
  },
  cweRequest: {
    title: 'CWE-918: Server-Side Request Forgery (SSRF)',
    publisher: 'MITRE CWE',
    year: 2013,
    address: 'https://cwe.mitre.org/data/definitions/918.html',
  },
  cweSql: {
    title: 'CWE-89: Improper Neutralization of Special Elements used in an SQL Command',
    publisher: 'MITRE CWE',
    year: 2006,
    address: 'https://cwe.mitre.org/data/definitions/89.html',
  },
  cweThrottling: {
    title: 'CWE-770: Allocation of Resources Without Limits or Throttling',
    publisher: 'MITRE CWE',
    year: 2009,
    address: 'https://cwe.mitre.org/data/definitions/770.html',
  },
  echoLeak: {
    title: 'CVE-2025-32711',
    publisher: 'NIST National Vulnerability Database',
    year: 2025,
    address: 'https://nvd.nist.gov/vuln/detail/CVE-2025-32711',
  },
  escapeRoute: {
    title:
      'EscapeRoute: Breaking the Scope of Anthropic’s Filesystem MCP Server (CVE-2025-53109 & CVE-2025-53110)',
    publisher: 'Cymulate',
    year: 2025,
    address: 'https://cymulate.com/blog/cve-2025-53109-53110-escaperoute-anthropic/',
  },
  etdi: {
    title: 'ETDI: Mitigating Tool Squatting and Rug Pull Attacks in Model Context Protocol (MCP)',
    publisher: 'Bhatt et al., arXiv',
    year: 2025,
    address: 'https://arxiv.org/abs/2506.01333',
  },
  excessiveAgency: {
    title: 'LLM06:2025 Excessive Agency',
    publisher: 'OWASP Gen AI Security Project',
    year: 2025,
    address: 'https://genai.owasp.org/llmrisk/llm062025-excessive-agency/',
  },
  githubMcp: {
    title: 'GitHub MCP Exploited: Accessing private repositories via MCP',
    publisher: 'Invariant Labs',
    year: 2025,
    address: 'https://invariantlabs.ai/blog/mcp-github-vulnerability',
  },
  hackingMemories: {
    title: 'ChatGPT: Hacking Memories with Prompt Injection',
    publisher: 'Embrace The Red',
    year: 2024,
    address: 'https://embracethered.com/blog/posts/2024/chatgpt-hacking-memories/',
  },
  indirectInjection: {
    title:
      'Not what you’ve signed up for: Compromising Real-World LLM-Integrated Applications with Indirect Prompt Injection',
    publisher: 'Greshake et al., arXiv',
    year: 2023,
    address: 'https://arxiv.org/abs/2302.12173',
  },
  injecAgent: {
    title:
      'InjecAgent: Benchmarking Indirect Prompt Injections in Tool-Integrated Large Language Model Agents',
    publisher: 'Zhan et al., arXiv',
    year: 2024,
    address: 'https://arxiv.org/abs/2403.02691',
  },
  kiro: {
    title: 'Amazon’s vibe-coding tool Kiro reportedly vibed too hard',
    publisher: 'The Register',
    year: 2026,
    address: 'https://www.theregister.com/2026/02/20/amazon_denies_kiro_agentic_ai_behind_outage/',
  },
  koiPostmark: {
    title: 'First Malicious MCP in the Wild: The Postmark Backdoor That’s Stealing Your Emails',
    publisher: 'Koi Security',
    year: 2025,
    address: 'https://www.koi.ai/blog/postmark-mcp-npm-malicious-backdoor-email-theft',
  },
  lethalTrifecta: {
    title: 'The lethal trifecta for AI agents: private data, untrusted content, and external communication',
    publisher: 'Simon Willison',
    year: 2025,
    address: 'https://simonwillison.net/2025/Jun/16/the-lethal-trifecta/',
  },
  lineJumping: {
    title: 'Jumping the line: How MCP servers can attack you before you ever use them',
    publisher: 'Trail of Bits',
    year: 2025,
    address:
      'https://blog.trailofbits.com/2025/04/21/jumping-the-line-how-mcp-servers-can-attack-you-before-you-ever-use-them/',
  },
  mcpPoison: {
    title: 'CVE-2025-54136 – MCPoison Cursor IDE persistent RCE',
    publisher: 'Check Point Research',
    year: 2025,
    address: 'https://research.checkpoint.com/2025/cursor-vulnerability-mcpoison/',
  },
  mcpPractices: {
    title: 'Security Best Practices',
    publisher: 'Model Context Protocol',
    year: 2025,
    address: 'https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices',
  },
  mcpRemote: {
    title: 'Critical RCE Vulnerability in mcp-remote: CVE-2025-6514 Threatens LLM Clients',
    publisher: 'JFrog',
    year: 2025,
    address: 'https://jfrog.com/blog/2025-6514-critical-mcp-remote-rce-vulnerability/',
  },
  mcpTools: {
    title: 'Specification 2025-11-25: Tools',
    publisher: 'Model Context Protocol',
    year: 2025,
    address: 'https://modelcontextprotocol.io/specification/2025-11-25/server/tools',
  },
  mcpTox: {
    title: 'MCPTox: A Benchmark for Tool Poisoning Attack on Real-World MCP Servers',
    publisher: 'Wang et al., arXiv',
    year: 2025,
    address: 'https://arxiv.org/abs/2508.14925',
  },
  morris: {
    title: 'Here Comes The AI Worm: Unleashing Zero-click Worms that Target GenAI-Powered Applications',
    publisher: 'Cohen et al., arXiv',
    year: 2024,
    address: 'https://arxiv.org/abs/2403.02817',
  },
  nxPostmortem: {
    title: 'S1ngularity: What Happened, How We Responded, What We Learned',
    publisher: 'Nx',
    year: 2025,
    address: 'https://nx.dev/blog/s1ngularity-postmortem',
  },
  owaspMcp: {
    title: 'OWASP MCP Top 10',
    publisher: 'OWASP',
    year: 2025,
    address: 'https://owasp.org/www-project-mcp-top-10/',
  },
  postgresMcp: {
    title: 'MCP vulnerability case study: SQL injection in the PostgreSQL MCP server',
    publisher: 'Datadog Security Labs',
    year: 2025,
    address:
      'https://securitylabs.datadoghq.com/articles/mcp-vulnerability-case-study-SQL-injection-in-the-postgresql-mcp-server/',
  },
  postmark: {
    title: 'Information regarding malicious “postmark-mcp” package',
    publisher: 'Postmark',
    year: 2025,
    address: 'https://postmarkapp.com/blog/information-regarding-malicious-postmark-mcp-package',
  },
  promptInjection: {
    title: 'LLM01:2025 Prompt Injection',
    publisher: 'OWASP Gen AI Security Project',
    year: 2025,
    address: 'https://genai.owasp.org/llmrisk/llm01-prompt-injection/',
  },
  replit: {
    title:
      'Incident 1152: LLM-Driven Replit Agent Reportedly Executed Unauthorized Destructive Commands During Code Freeze',
    publisher: 'AI Incident Database',
    year: 2025,
    address: 'https://incidentdatabase.ai/cite/1152/',
  },
  requestForgery: {
    title: 'API7:2023 Server Side Request Forgery',
    publisher: 'OWASP',
    year: 2023,
    address: 'https://owasp.org/API-Security/editions/2023/en/0xa7-server-side-request-forgery/',
  },
  resourceConsumption: {
    title: 'API4:2023 Unrestricted Resource Consumption',
    publisher: 'OWASP',
    year: 2023,
    address: 'https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/',
  },
  resourceIndicators: {
    title: 'RFC 8707: Resource Indicators for OAuth 2.0',
    publisher: 'IETF',
    year: 2020,
    address: 'https://www.rfc-editor.org/rfc/rfc8707',
  },
  sensitiveDisclosure: {
    title: 'LLM02:2025 Sensitive Information Disclosure',
    publisher: 'OWASP Gen AI Security Project',
    year: 2025,
    address: 'https://genai.owasp.org/llmrisk/llm022025-sensitive-information-disclosure/',
  },
  slackLinks: {
    title: 'Security Advisory: Anthropic’s Slack MCP Server Vulnerable to Data Exfiltration',
    publisher: 'Embrace The Red',
    year: 2025,
    address:
      'https://embracethered.com/blog/posts/2025/security-advisory-anthropic-slack-mcp-server-data-leakage/',
  },
  snykPostmark: {
    title: 'Malicious MCP Server on npm postmark-mcp Harvests Emails',
    publisher: 'Snyk',
    year: 2025,
    address: 'https://snyk.io/blog/malicious-mcp-server-on-npm-postmark-mcp-harvests-emails/',
  },
  spAiware: {
    title: 'Spyware Injection Into Your ChatGPT’s Long-Term Memory (SpAIware)',
    publisher: 'Embrace The Red',
    year: 2024,
    address: 'https://embracethered.com/blog/posts/2024/chatgpt-macos-app-persistent-data-exfiltration/',
  },
  supabaseDefence: {
    title: 'Defense in Depth for MCP Servers',
    publisher: 'Supabase',
    year: 2025,
    address: 'https://supabase.com/blog/defense-in-depth-mcp',
  },
  supabaseLeak: {
    title: 'Supabase MCP can leak your entire SQL database',
    publisher: 'General Analysis',
    year: 2025,
    address: 'https://generalanalysis.com/blog/supabase-mcp-blog',
  },
  supplyChain: {
    title: 'LLM03:2025 Supply Chain',
    publisher: 'OWASP Gen AI Security Project',
    year: 2025,
    address: 'https://genai.owasp.org/llmrisk/llm032025-supply-chain/',
  },
  toolPoisoning: {
    title: 'MCP Security Notification: Tool Poisoning Attacks',
    publisher: 'Invariant Labs',
    year: 2025,
    address: 'https://invariantlabs.ai/blog/mcp-security-notification-tool-poisoning-attacks',
  },
  trojanSource: {
    title: 'Trojan Source: Invisible Vulnerabilities',
    publisher: 'N. Boucher and R. Anderson',
    year: 2021,
    address: 'https://trojansource.codes/',
  },
  unboundedConsumption: {
    title: 'LLM10:2025 Unbounded Consumption',
    publisher: 'OWASP Gen AI Security Project',
    year: 2025,
    address: 'https://genai.owasp.org/llmrisk/llm102025-unbounded-consumption/',
  },
  whatsapp: {
    title: 'WhatsApp MCP Exploited: Exfiltrating your message history via MCP',
    publisher: 'Invariant Labs',
    year: 2025,
    address: 'https://invariantlabs.ai/blog/whatsapp-mcp-exploited',
  },
  willisonMcp: {
    title: 'Model Context Protocol has prompt injection security problems',
    publisher: 'Simon Willison',
    year: 2025,
    address: 'https://simonwillison.net/2025/Apr/9/mcp-prompt-injection/',
  },
  wizNx: {
    title: 's1ngularity: supply chain attack leaks secrets on GitHub: everything you need to know',
    publisher: 'Wiz',
    year: 2025,
    address: 'https://www.wiz.io/blog/s1ngularity-supply-chain-attack',
  },
} as const satisfies Record<string, AttackSource>;
