import { setUpCopies } from './copy.ts';
import { setUpFilters } from './filter.ts';
import { setUpSearchKey } from './search-key.ts';
import { setUpSorts } from './sort.ts';
import { setUpTheme } from './theme-button.ts';

// Everything here adds to pages that can be read without it.

setUpTheme();
setUpSearchKey();
setUpCopies();
setUpFilters();
setUpSorts();
