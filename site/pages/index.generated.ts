// Written by `npm run generate` from the files of this folder.
import type { Page } from '../page.ts';
import { page as aboutPage } from './about.ts';
import { page as accuracyPage } from './accuracy.ts';
import { page as attackPage } from './attack.ts';
import { page as attacksPage } from './attacks.ts';
import { page as builderPage } from './builder.ts';
import { page as categoryPage } from './category.ts';
import { page as changesPage } from './changes.ts';
import { page as comparePage } from './compare.ts';
import { page as feedPage } from './feed.ts';
import { page as homePage } from './home.ts';
import { page as indexJsonPage } from './index-json.ts';
import { page as indexSchemaPage } from './index-schema.ts';
import { page as llmsPage } from './llms.ts';
import { page as notFoundPage } from './not-found.ts';
import { page as policyPage } from './policy.ts';
import { page as policySchemaPage } from './policy-schema.ts';
import { page as riskPage } from './risk.ts';
import { page as robotsPage } from './robots.ts';
import { page as searchPage } from './search.ts';
import { page as searchIndexPage } from './search-index.ts';
import { page as serverPage } from './server.ts';
import { page as serverBadgePage } from './server-badge.ts';
import { page as serverBriefPage } from './server-brief.ts';
import { page as serverFeedPage } from './server-feed.ts';
import { page as serverJsonPage } from './server-json.ts';
import { page as serverNamesPage } from './server-names.ts';
import { page as serverSchemaPage } from './server-schema.ts';
import { page as serversPage } from './servers.ts';
import { page as signalPage } from './signal.ts';
import { page as signalsPage } from './signals.ts';
import { page as sitemapPage } from './sitemap.ts';
import { page as stackPage } from './stack.ts';
import { page as stackLookupPage } from './stack-lookup.ts';
import { page as toolPage } from './tool.ts';
import { page as toolBadgePage } from './tool-badge.ts';
import { page as toolJsonPage } from './tool-json.ts';
import { page as toolSchemaPage } from './tool-schema.ts';
import { page as vanishedToolPage } from './vanished-tool.ts';

export const pages: readonly Page[] = [
  aboutPage,
  accuracyPage,
  attackPage,
  attacksPage,
  builderPage,
  categoryPage,
  changesPage,
  comparePage,
  feedPage,
  homePage,
  indexJsonPage,
  indexSchemaPage,
  llmsPage,
  notFoundPage,
  policyPage,
  policySchemaPage,
  riskPage,
  robotsPage,
  searchPage,
  searchIndexPage,
  serverPage,
  serverBadgePage,
  serverBriefPage,
  serverFeedPage,
  serverJsonPage,
  serverNamesPage,
  serverSchemaPage,
  serversPage,
  signalPage,
  signalsPage,
  sitemapPage,
  stackPage,
  stackLookupPage,
  toolPage,
  toolBadgePage,
  toolJsonPage,
  toolSchemaPage,
  vanishedToolPage,
];
