// Written by `npm run generate` from the files of this folder.
import type { Page } from '../page.ts';
import { page as homePage } from './home.ts';
import { page as notFoundPage } from './not-found.ts';
import { page as policyPage } from './policy.ts';
import { page as policySchemaPage } from './policy-schema.ts';
import { page as serverPage } from './server.ts';
import { page as toolPage } from './tool.ts';

export const pages: readonly Page[] = [
  homePage,
  notFoundPage,
  policyPage,
  policySchemaPage,
  serverPage,
  toolPage,
];
