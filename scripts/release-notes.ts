// The end of `npm run release`: the notes of every package whose changesets wait, in .local/release/notes.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readChangesets } from '@changesets/read';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, '.local/release/notes');
mkdirSync(folder, { recursive: true });
const changes = (await readChangesets(root)).flatMap(({ releases, summary }) =>
	releases.map(({ name }) => ({ name, summary })),
);
for (const [name, own] of Map.groupBy(changes, (change) => change.name)) {
	const file = path.join(folder, `${name.replace(/^@.*\//, '')}.md`);
	writeFileSync(file, `# ${name}\n\n${own.map(({ summary }) => summary).join('\n\n')}\n`);
	console.log(`Wrote ${path.relative(root, file)}`);
}
console.log('\nReady to release: nothing was published. What only the owner can do: docs/releasing.md');
