// Loaded before a program (`node --import`): writes the URL of every module it asks for to the file LOADS_PATH.
// The package WITHOUT is as one that is not installed.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
	resolve(specifier, context, next) {
		if (specifier === process.env.WITHOUT)
			throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' });
		const found = next(specifier, context);
		appendFileSync(process.env.LOADS_PATH ?? '', `${found.url}\n`);
		return found;
	},
});
