import { readFileSync, realpathSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';

/** The relay itself reads no YAML. The workspace has a parser by way of @changesets/cli, which reads changesets with it. */
const PARSER = ['@changesets/cli', '@changesets/parse', 'yaml'].reduce(
	(from, name) => {
		const found = findPackageJSON(name, from);
		if (found === undefined) throw new Error(`no package ${name} beside ${from}`);
		return realpathSync(found);
	},
	import.meta.filename,
);

const { parse } = createRequire(PARSER)('yaml') as {
	parse(text: string, options: { merge: boolean; uniqueKeys: boolean }): unknown;
};

/** A YAML file as Compose understands it: with merge keys, and no key twice. */
export function readYaml(path: URL): unknown {
	return parse(readFileSync(path, 'utf8'), { merge: true, uniqueKeys: true });
}
