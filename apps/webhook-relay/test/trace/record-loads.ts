// Loaded before a program (`node --import`): writes the URL of every module it asks for to the file LOADS_PATH.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
	resolve(specifier, context, next) {
		const found = next(specifier, context);
		appendFileSync(process.env.LOADS_PATH ?? '', `${found.url}\n`);
		return found;
	},
});
