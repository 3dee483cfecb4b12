/**
 * Every text that people see in the panels and outputs of the built nodes and credentials, each once: `pnpm run texts > texts.txt`,
 * to read them in one go. Run `build` before.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { PACKAGE_FOLDER } from './unpacked-package.mts';

const require = createRequire(import.meta.url);
const SHOWN = /^(displayName|name|description|hint|placeholder|action|message|notice|eventTriggerDescription)$/;
const HINTS = /^(searchHint|propertyHint|relationHint|errorMessage|header|usageHints?|active|inactive|executions)$/;

const seen = new Set<string>();

function print(value: unknown, key = ''): void {
	if (typeof value === 'string') {
		const isText = (SHOWN.test(key) && / |^[A-Z]/.test(value)) || HINTS.test(key);
		if (isText && !seen.has(value)) console.log(value);
		if (isText) seen.add(value);
	} else if (typeof value === 'object' && value !== null) {
		for (const [name, inner] of Object.entries(value)) print(inner, Array.isArray(value) ? key : name);
	}
}

for (const path of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
	console.log(`\n# ${path}\n`);
	const [Type] = Object.values(require(join(PACKAGE_FOLDER, path)) as Record<string, new () => object>);
	if (Type === undefined) throw new Error(`${path} exports no class. Build the package again.`);
	print(new Type());
}
