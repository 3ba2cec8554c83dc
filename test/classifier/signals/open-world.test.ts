import { judges, taking, tool } from './cases.ts';

const url = { url: { type: 'string' } };

judges('open-world', [
  ['a web search', tool('look', 'Performs a web search using an engine'), true],
  ['a web search by name', tool('google_search', 'Deploy Server Try in Playground'), true],
  ['a page that the caller names', taking(url, 'fetch', 'Fetch the content of a URL'), true],
  ['a browser', taking(url, 'browser_navigate', 'Navigate to a URL'), true],
  ['pages in general', tool('extract', 'Extract structured data from web pages'), true],
  ['a picture of any page', taking(url, 'shot', 'Capture a screenshot of any web page'), true],
  ['any request', taking(url, 'http', 'Make an HTTP request to an API endpoint'), true],
  ['another language', tool('find', '在互联网上进行网页搜索'), true],
  ['the page that is open', tool('shot', 'Take a screenshot of the current page'), false],
  ['a step back', taking({}, 'browser_back', 'Go back to the previous page'), false],
  [
    'an address of one service',
    taking(
      { url: { type: 'string', description: 'YouTube video URL' } },
      'get',
      'Get the captions of a video from a URL',
    ),
    false,
  ],
  ['an address that comes back', tool('result', 'Get the URL of the finished picture'), false],
  ['a search of the own site', tool('find', 'Search the issues of a repository'), false],
  [
    'a search engine that is not used',
    tool('answer', 'Answers a question and does not use web search'),
    false,
  ],
  ['how a site is found', tool('stats', 'Get search performance data from Google Search Console'), false],
  ['places', tool('near', 'Search for places using Google Places'), false],
  [
    'visits of a site',
    taking({ websiteId: { type: 'string' } }, 'visits', 'Get page views for a website'),
    false,
  ],
  ['a word about addresses', tool('slug', 'Convert text to URL-friendly form'), false],
  ['no address goes in', taking({ id: { type: 'string' } }, 'page', 'Get a web page of the store'), false],
]);
