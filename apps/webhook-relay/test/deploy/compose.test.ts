import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod/v4';
import { readConfig } from '../../src/cli/config.ts';
import { readSubscribersFile } from '../../src/cli/subscribers-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { DEPLOY, deployText, makeSecrets, ROOT, readImage, readYaml } from './deploy-folder.ts';
import { environmentNames } from './environment-names.ts';

const serviceSchema = z.object({
	image: z.string(),
	build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
	environment: z.record(z.string(), z.string()).default({}),
	entrypoint: z.array(z.string()).default([]),
	secrets: z.array(z.string()).default([]),
	volumes: z.array(z.string()).default([]),
	ports: z.array(z.string()).default([]),
	depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).default([]),
	stop_grace_period: z
		.string()
		.regex(/^\d+s$/)
		.optional(),
	read_only: z.boolean().default(false),
});
const composeSchema = z.object({
	services: z.record(z.string(), serviceSchema),
	secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
	volumes: z.record(z.string(), z.null()),
});

const FILES = ['compose.yaml', 'compose.postgres.yaml'];
const IMAGE = readImage();
const SECRET_PATH = /\/run\/secrets\/(\w+)/g;

function readCompose(name: string) {
	const compose = composeSchema.parse(readYaml(new URL(name, DEPLOY)));
	const services = Object.entries(compose.services);
	return { ...compose, services, relays: services.filter(([, { build }]) => build !== undefined) };
}

describe.each(FILES)('%s', (name) => {
	const compose = readCompose(name);

	test('sets only variables that the relay reads', () => {
		for (const [service, { environment }] of compose.relays) {
			const unknown = Object.keys(environment).filter((variable) => !environmentNames().has(variable));
			expect(unknown, service).toEqual([]);
		}
		const elsewhere = compose.services.filter(([, { build }]) => build === undefined);
		expect(elsewhere.flatMap(([, { environment }]) => Object.keys(environment)).join(' ')).not.toMatch(
			/\b(RELAY|META)_/,
		);
	});

	test('contains a configuration that the relay accepts', () => {
		const { secrets } = makeSecrets('instagram:fake-ig,facebook:fake-fb\n');
		for (const [, { environment, stop_grace_period: grace }] of compose.relays) {
			const config = readConfig(
				Object.fromEntries(
					Object.entries({ ...IMAGE.environment, ...environment }).map(([variable, value]) => [
						variable,
						value.replace(/\$\{PUBLIC_HOST[^}]*\}/, 'hooks.example.com').replace('/run/secrets', secrets),
					]),
				),
			);
			expect(config.publicUrl).toBe('https://hooks.example.com');
			expect(config.adminToken).toBeDefined();
			expect(config.subscribersPath).toBe('/config/subscribers.json');
			// Requests under way have 5 s, deliveries under way the drain. Killed earlier, it would leave them without their outcome.
			expect(Number.parseInt(grace ?? '0', 10) * 1000).toBeGreaterThan(5000 + config.drainMs);
		}
	});

	test('hands each service exactly the secrets it reads, and make-secrets.sh makes them all', () => {
		const subscribers = deployText('config/subscribers.json');
		for (const [service, { environment, entrypoint, secrets, volumes, build }] of compose.services) {
			const databases = volumes.some((volume) => volume.includes('create-databases.sh'))
				? 'n8n relay'.replace(/\w+/g, '/run/secrets/$&_database_password')
				: '';
			const own = [JSON.stringify(environment), ...entrypoint, databases, build === undefined ? '' : subscribers];
			const read = [...own.join('\n').matchAll(SECRET_PATH)].map(([, secret]) => secret);
			expect([...secrets].sort(), service).toEqual([...new Set(read)].sort());
		}
		const { secrets: folder } = makeSecrets('instagram:fake-ig\n');
		const made = readdirSync(folder);
		for (const [secret, { file }] of Object.entries(compose.secrets)) {
			expect(file).toBe(`secrets/${secret}`);
			expect(made).toContain(secret);
		}
		const used = compose.services.flatMap(([, { secrets }]) => secrets);
		expect(Object.keys(compose.secrets).sort()).toEqual([...new Set(used)].sort());
	});

	test('pins every image that is not built here', () => {
		const n8n = JSON.parse(readFileSync(new URL('apps/playground/n8n/package.json', ROOT), 'utf8')).dependencies.n8n;
		for (const [service, { image, build }] of compose.services) {
			if (build !== undefined) continue;
			expect(image, service).toMatch(/^[\w/]+:\d+\.\d+[\w.-]*$/);
			if (image.startsWith('n8nio/')) expect(image).toBe(`n8nio/n8n:${n8n}`);
		}
	});

	test('builds from the root of the repository, and mounts existing files', () => {
		for (const [, { build }] of compose.relays) {
			if (build === undefined) continue;
			const context = new URL(`${build.context}/`, DEPLOY);
			expect(context.href).toBe(ROOT.href);
			expect(new URL(build.dockerfile, context).href).toBe(new URL('Dockerfile', DEPLOY).href);
		}
		for (const [service, { volumes }] of compose.services) {
			for (const volume of volumes) {
				const [source = ''] = volume.split(':');
				if (source.startsWith('./')) expect(existsSync(new URL(source, DEPLOY)), `${service} ${source}`).toBe(true);
				else expect(Object.keys(compose.volumes), service).toContain(source);
			}
		}
	});

	test('opens nothing to the world but HTTPS', () => {
		const open = compose.services.flatMap(([service, { ports }]) =>
			ports.filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `${service} ${port}`),
		);
		expect(open).toEqual(['proxy 80:80', 'proxy 443:443']);
		expect(deployText('Caddyfile')).toMatch(/handle \/webhooks\/instagram\* \{\s+reverse_proxy \{\$UPSTREAM\}/);
	});

	test("mounts the relay's file system read-only, except its store", () => {
		for (const [, { read_only: readOnly, volumes, environment }] of compose.relays) {
			expect(readOnly).toBe(true);
			const writable = volumes.filter((volume) => !volume.endsWith(':ro')).map((volume) => volume.split(':')[1]);
			expect(writable).toEqual(environment.RELAY_STORE === undefined ? IMAGE.volumes : []);
		}
	});
});

describe('compose.yaml', () => {
	test("routes Meta and the operator to the relay's port", () => {
		const services = Object.fromEntries(readCompose('compose.yaml').services);
		expect(services.proxy?.environment.UPSTREAM).toBe(`relay:${IMAGE.port}`);
		expect(services.relay?.ports).toEqual([`127.0.0.1:${IMAGE.port}:${IMAGE.port}`]);
	});
});

describe('compose.postgres.yaml', () => {
	const { relays, services } = readCompose('compose.postgres.yaml');
	const nginx = deployText('nginx.conf');

	test('balances over every replica', () => {
		const balanced = [...nginx.matchAll(/^\s*server (\S+):(\d+) resolve max_fails=0;/gm)];
		expect(balanced.map(([, host]) => host)).toEqual(relays.map(([service]) => service));
		expect(balanced.map(([, , port]) => Number(port))).toEqual(relays.map(() => IMAGE.port));
		expect(relays).toHaveLength(2);
	});

	test('passes a request to another replica when one refuses, breaks off or cannot store', () => {
		expect(nginx).toContain('proxy_next_upstream error timeout http_503 non_idempotent;');
		const { bodyLimitBytes } = readConfig({ META_VERIFY_TOKEN: 'fake', META_APP_SECRETS: 'instagram:fake' });
		expect(nginx).toContain(`client_max_body_size ${bodyLimitBytes / 1024 / 1024}m;`);
	});

	test('routes Meta to the public side of the balancer, and the operator to the other', () => {
		const { proxy, balancer } = Object.fromEntries(services);
		const listens = [...nginx.matchAll(/listen (\d+);/g)].map(([, port]) => port);
		expect(proxy?.environment.UPSTREAM).toBe(`balancer:${listens[0]}`);
		expect(balancer?.ports).toEqual([`127.0.0.1:${IMAGE.port}:${listens[1]}`]);
	});

	test('runs n8n as main process, worker and webhook processor on one queue', () => {
		const n8n = services.filter(([, { image }]) => image.startsWith('n8nio/'));
		expect(n8n.map(([service]) => service)).toEqual(['n8n', 'n8n-worker', 'n8n-webhook']);
		expect(new Set(n8n.map(([, { environment }]) => JSON.stringify(environment))).size).toBe(1);
		const hosts = new Set(services.map(([service]) => service));
		const { environment } = n8n[0]?.[1] ?? { environment: {} as Record<string, string> };
		for (const host of [environment.DB_POSTGRESDB_HOST, environment.QUEUE_BULL_REDIS_HOST]) {
			expect(hosts).toContain(host);
		}
		expect(environment.N8N_WEBHOOK_URL).toBe('http://n8n-webhook:5678/');
	});

	test('makes the databases and users that relay and n8n connect as', () => {
		const script = deployText('create-databases.sh');
		expect(script).toContain('for name in n8n relay; do');
		const url = new URL(relays[0]?.[1].environment.RELAY_STORE ?? '');
		expect([url.username, url.hostname, url.pathname]).toEqual(['relay', 'postgres', '/relay']);
	});
});

describe('config/subscribers.json', () => {
	test('is a subscribers file the relay reads', () => {
		const { secrets } = makeSecrets('instagram:fake-ig\n');
		const path = join(temporaryFolder(), 'subscribers.json');
		writeFileSync(path, deployText('config/subscribers.json').replace('/run/secrets', secrets));
		expect(readSubscribersFile(path, {})).toMatchObject({ ok: true, subscribers: [{ id: 'n8n-comments' }] });
	});
});
