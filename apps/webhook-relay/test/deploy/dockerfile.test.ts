import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/cli/config.ts';
import { DEPLOY, deployText, ROOT, readImage, readYaml } from './deploy-folder.ts';
import { environmentNames } from './environment-names.ts';

const dockerfile = deployText('Dockerfile');
const read = (path: string) => JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));

describe('the container file', () => {
	test('runs the Node and the pnpm of the workspace', () => {
		const { nodeVersion } = readYaml(new URL('pnpm-workspace.yaml', ROOT)) as { nodeVersion: string };
		const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
		expect(bases).toEqual([`node:${nodeVersion}-trixie-slim`, `node:${nodeVersion}-trixie-slim`]);
		expect(dockerfile).toContain(`npm install --global ${read('package.json').packageManager}\n`);
	});

	test('builds the relay and every workspace package it runs on', () => {
		const image = read('apps/webhook-relay/deploy/package.json');
		// The three dots take along what it depends on.
		for (const step of ['install', 'run build']) {
			const [line = ''] = dockerfile.replace(/\\\n\s*/g, ' ').match(new RegExp(`pnpm .*${step}.*`)) ?? [];
			expect(line, step).toContain(`--filter ${image.name}...`);
		}
		// Whatever the relay loads only when it is configured is there, too.
		const { name, peerDependencies } = read('apps/webhook-relay/package.json');
		const held = Object.keys(image.dependencies).sort();
		expect(held).toEqual([name, ...Object.keys(peerDependencies)].sort());
	});

	test('includes the files that the build reads, and no local ones', () => {
		const lines = deployText('Dockerfile.dockerignore')
			.split('\n')
			.filter((line) => line !== '' && !line.startsWith('#'));
		expect(lines[0]).toBe('*');
		const seen = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
		for (const path of seen) expect(existsSync(new URL(path, ROOT)), path).toBe(true);
		expect(seen).toEqual(
			expect.arrayContaining(['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'packages/core', 'packages/relay-postgres']),
		);
		expect(lines).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', 'apps/webhook-relay/deploy/*']));
	});

	test('listens on its exposed port, stores in its volume, and does not run as root', () => {
		const { environment, port, volumes, user } = readImage();
		const own = Object.keys(environment).filter((name) => !name.startsWith('NODE_'));
		expect(own.filter((name) => !environmentNames().has(name))).toEqual([]);
		const config = readConfig({ ...environment, META_VERIFY_TOKEN: 'fake', META_APP_SECRETS: 'instagram:fake' });
		expect(config).toMatchObject({ host: '0.0.0.0', port, store: `sqlite:${volumes[0]}/relay.db` });
		expect(port).toBe(readConfig({ META_VERIFY_TOKEN: 'fake', META_APP_SECRETS: 'instagram:fake' }).port);
		expect(user).toBe('node');
	});

	test("checks the relay's health at an address the relay answers", () => {
		const { health } = readImage();
		expect(health).toContain('/healthz');
		const [, command = ''] = /CMD (\[.*\])$/.exec(health) ?? [];
		const [program, flag, code] = JSON.parse(command);
		expect([program, flag]).toEqual(['node', '-e']);
		expect(() => new Function(code)).not.toThrow();
	});

	test('has the files it names', () => {
		expect(existsSync(new URL('Dockerfile.dockerignore', DEPLOY))).toBe(true);
		expect(read('apps/webhook-relay/package.json').bin).toEqual({ 'instagram-webhook-relay': './dist/main.js' });
		expect(dockerfile).toContain(
			'ln -s /app/node_modules/@instagram-insights/webhook-relay/dist/main.js /usr/local/bin/instagram-webhook-relay',
		);
	});
});
