/** The five tools from whose published pages the project started, and what we say of each. */
export const SEED_TOOLS = [
  {
    definition: {
      server: 'Crow',
      name: 'maker_start_sessions_bulk',
      description:
        'Mint sessions for multiple learners sharing a batch_id. Returns an array of redemption codes for a printable QR sheet. Admin-only.',
    },
    verdict: { category: 'Execute', risk: 'high' },
    signals: ['admin', 'bulk'],
    callsPerMinute: 10,
  },
  {
    definition: {
      server: 'Crow',
      name: 'maker_start_session',
      description:
        'Mint a new kiosk session for a learner and return a redemption code (NOT the raw token). The QR/URL carries the code; the token is issued as an HttpOnly cookie on redemption. Admin-only.',
    },
    verdict: { category: 'Execute', risk: 'high' },
    signals: ['admin'],
    callsPerMinute: 10,
  },
  {
    definition: {
      server: 'Calculator',
      name: 'create_session',
      description: 'Create a new interactive session for any calculator and return the session URL',
    },
    verdict: { category: 'Write', risk: 'medium' },
    signals: [],
    callsPerMinute: 30,
  },
  {
    definition: {
      server: 'Leapfrog',
      name: 'session_create_batch',
      description:
        'Create multiple isolated browser sessions concurrently — 5-10x faster than sequential session_create calls. Optionally navigate each to a URL. Returns all session IDs. A single reflow positions all windows into a unified grid after all sessions are created.',
      inputSchema: {
        type: 'object',
        properties: {
          sessions: {
            type: 'array',
            items: { type: 'object', properties: { url: { type: 'string' }, profile: { type: 'string' } } },
          },
        },
      },
    },
    verdict: { category: 'Write', risk: 'medium' },
    signals: ['url-input:sessions[].url'],
    callsPerMinute: 30,
  },
  {
    definition: { server: 'Looking Glass', name: 'session_start', description: 'session_start' },
    verdict: { category: 'Execute', risk: 'high', confidence: 'low' },
    signals: ['thin-definition'],
    callsPerMinute: 10,
  },
];
