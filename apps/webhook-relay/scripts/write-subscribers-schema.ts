// Writes subscribers.schema.json from the zod schema; a test fails while the file is stale.
// node --conditions=@instagram-insights/source scripts/write-subscribers-schema.ts

import { writeFileSync } from 'node:fs';
import { subscribersJsonSchema } from '../src/admin/subscriber.ts';

writeFileSync(
	new URL('../subscribers.schema.json', import.meta.url),
	`${JSON.stringify(subscribersJsonSchema(), null, '\t')}\n`,
);
