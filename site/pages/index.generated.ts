// Written by `npm run generate` from the files of this folder.
import type { Page } from '../page.ts';
import { page as changesPage } from './changes.ts';
import { page as feedPage } from './feed.ts';
import { page as homePage } from './home.ts';
import { page as indexJsonPage } from './index-json.ts';
import { page as indexSchemaPage } from './index-schema.ts';
import { page as llmsPage } from './llms.ts';
import { page as notFoundPage } from './not-found.ts';
import { page as policyPage } from './policy.ts';
import { page as policySchemaPage } from './policy-schema.ts';
import { page as robotsPage } from './robots.ts';
import { page as serverPage } from './server.ts';
import { page as serverBadgePage } from './server-badge.ts';
import { page as serverFeedPage } from './server-feed.ts';
import { page as serverJsonPage } from './server-json.ts';
import { page as serverSchemaPage } from './server-schema.ts';
import { page as serversPage } from './servers.ts';
import { page as sitemapPage } from './sitemap.ts';
import { page as stackLookupPage } from './stack-lookup.ts';
import { page as toolPage } from './tool.ts';
import { page as toolBadgePage } from './tool-badge.ts';
import { page as toolJsonPage } from './tool-json.ts';
import { page as toolSchemaPage } from './tool-schema.ts';

export const pages: readonly Page[] = [
  changesPage,
  feedPage,
  homePage,
  indexJsonPage,
  indexSchemaPage,
  llmsPage,
  notFoundPage,
  policyPage,
  policySchemaPage,
  robotsPage,
  serverPage,
  serverBadgePage,
  serverFeedPage,
  serverJsonPage,
  serverSchemaPage,
  serversPage,
  sitemapPage,
  stackLookupPage,
  toolPage,
  toolBadgePage,
  toolJsonPage,
  toolSchemaPage,
];
