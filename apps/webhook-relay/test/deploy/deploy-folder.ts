import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../temporary-folder.ts';

export const DEPLOY = new URL('../../deploy/', import.meta.url);
/** The root of the repository: what the image is built from. */
export const ROOT = new URL('../../../../', import.meta.url);

export function deployText(name: string): string {
	return readFileSync(new URL(name, DEPLOY), 'utf8');
}

/**
 * Run make-secrets.sh in a folder that goes with the test.
 *
 * @param answer what the operator types
 */
export function makeSecrets(answer: string, folder = temporaryFolder()) {
	const script = join(folder, 'make-secrets.sh');
	cpSync(fileURLToPath(new URL('make-secrets.sh', DEPLOY)), script);
	const { status, stdout } = spawnSync('/bin/sh', [script], { input: answer, encoding: 'utf8' });
	return { folder, secrets: join(folder, 'secrets'), status, said: stdout };
}

/** The last stage of the Dockerfile, which is what runs. */
export function readImage() {
	const [, stage = ''] = /\nFROM [^\n]*\n(?!.*\nFROM )(.*)$/s.exec(deployText('Dockerfile')) ?? [];
	const lines = stage
		.replace(/^#.*\n/gm, '')
		.replace(/\\\n\s*/g, ' ')
		.split('\n');
	const argumentsOf = (name: string) =>
		lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1).trim()] : []));
	const environment = argumentsOf('ENV').flatMap((line) => line.split(/\s+/).map((pair) => pair.split('=')));
	return {
		environment: Object.fromEntries(environment) as Readonly<Record<string, string>>,
		port: Number(argumentsOf('EXPOSE')[0]),
		volumes: argumentsOf('VOLUME'),
		user: argumentsOf('USER')[0],
		health: argumentsOf('HEALTHCHECK').join(' '),
	};
}

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
