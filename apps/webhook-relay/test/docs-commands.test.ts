import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS, startSandbox } from '@instagram-insights/graph-sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DEPLOY, deployText, readYaml } from './deploy/deploy-folder.ts';
import { startFaultSubscriber } from './fault-subscriber.ts';
import { freePort } from './free-port.ts';
import { pollUntil } from './poll-until.ts';
import { runInBash } from './run-in-bash.ts';
import { startTestRelay } from './start-test-relay.ts';
import { temporaryFolder } from './temporary-folder.ts';

const DOCS = new URL('../../../docs/relay/', import.meta.url);
const README = new URL('../README.md', import.meta.url);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const blocks = [README, ...readdirSync(DOCS).map((name) => new URL(name, DOCS))].flatMap((page) =>
	[...readFileSync(page, 'utf8').matchAll(/```bash\n(.*?)```/gs)].map(([, block = '']) => block.replace(/^ {3}/gm, '')),
);
/** Word for word, one after the other: accounts are subscribed before the doctor looks. */
const pages = [README, ...readdirSync(DOCS).map((name) => new URL(name, DOCS))].map((page) =>
	readFileSync(page, 'utf8'),
);
const composeFiles = ['compose.yaml', 'compose.postgres.yaml'];
/** Of the pages, and of the comments at the head of the deploy files. */
const dockerCommands = [...pages, ...[...composeFiles, 'Dockerfile'].map(deployText)].flatMap((text) =>
	[...text.matchAll(/docker (?:compose|build) [^`\n]*?(?=`|\n| {3})/g)].map(([command]) => command),
);
const commands = blocks
	.flatMap((block) => block.split('\n'))
	.concat([...new Set(dockerCommands.filter((command) => / (exec|run) /.test(command)))])
	.filter((line) => /^(instagram-webhook-relay|docker) /.test(line))
	.sort((a, b) => Number(b.includes(' subscribe ')) - Number(a.includes(' subscribe ')));

describe('the commands of the README and of docs/relay', () => {
	test('start a relay that stores its first events', async () => {
		const start = blocks.find((block) => block.includes('send-test')) ?? '';
		const port = await freePort();
		const { code, output } = await runInBash(start, {
			folder: temporaryFolder(),
			environment: { RELAY_PORT: `${port}` },
		});
		expect(output).toContain('✓ comments: 200');
		expect(output).not.toContain('✗');
		expect(code).toBe(0);
		const token = /with the token (\w+)/.exec(output)?.[1];
		const response = await fetch(`http://127.0.0.1:${port}/api/totals`, {
			headers: { authorization: `Bearer ${token}` },
		});
		expect(await response.json()).toMatchObject({ events: output.match(/✓ \S+: 200/g)?.length });
	});

	test('run as they stand', async () => {
		const [sandbox, n8n, folder] = [await startSandbox({ port: 0 }), await startFaultSubscriber(), temporaryFolder()];
		onTestFinished(() => sandbox.stop());
		const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
		const META_APP_SECRETS = `instagram:${APPS.instagram.secret},facebook:${APPS.facebook.secret}`;
		const subscribers = ['comments-to-sheet', 'new-one'].map((id) => ({ id, url: n8n.url, secret }));
		const relay = await startTestRelay({ folder, subscribers, environment: { META_APP_SECRETS } });
		const environment = {
			META_APP_SECRETS,
			META_VERIFY_TOKEN: 'fake-verify',
			META_APP_ID: APPS.facebook.id,
			META_ACCOUNTS: 'bakery:IGAA-sandbox-bakery',
			META_INSTAGRAM_URL: `${sandbox.url}/graph.instagram.com`,
			META_FACEBOOK_URL: `${sandbox.url}/graph.facebook.com`,
			RELAY_PORT: new URL(relay.url).port,
			RELAY_PUBLIC_URL: relay.url,
			RELAY_STORE: `sqlite:${join(folder, 'relay.db')}`,
			RELAY_SUBSCRIBERS: join(folder, 'subscribers.json'),
		};
		expect(commands.length).toBeGreaterThan(8);
		for (const command of commands.filter((line) => !line.includes(' migrate '))) {
			await pollUntil('nothing waiting', async () => (await relay.api('totals')).json.pending === 0);
			const { code, output } = await runInBash(command, { folder, environment });
			expect([command, code, output]).toEqual([command, 0, expect.any(String)]);
		}
	});

	test('name existing services, files and Docker options', () => {
		const services = composeFiles.flatMap((name) =>
			Object.keys((readYaml(new URL(name, DEPLOY)) as { services: object }).services),
		);
		expect(dockerCommands.length).toBeGreaterThan(5);
		for (const command of dockerCommands) {
			const [, verb = '', rest = ''] = /^docker (compose \w+|build)(.*)$/.exec(command) ?? [];
			const words = rest.split(' ').filter((word) => word !== '');
			const options = words.filter((word) => word.startsWith('-'));
			expect(OPTIONS_OF_DOCKER[verb], command).toEqual(expect.arrayContaining(options));
			const [service] = words.filter((word) => !word.startsWith('-'));
			if (verb === 'build') expect(existsSync(new URL(service ?? '', `file://${ROOT}`)), command).toBe(true);
			else if (service !== undefined) expect(services, command).toContain(service);
		}
	});

	test('name existing parts of the bench', () => {
		const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => line.includes('bench/bench.ts'));
		expect(lines.length).toBeGreaterThan(1);
		for (const line of lines) {
			const [, program = '', parts = ''] = /^npm run tool -- node (.*?bench\.ts)([^#]*)/.exec(line) ?? [];
			const args = ['--no-warnings', ...program.split(' '), 'not-a-part'];
			const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
			expect([line, status]).toEqual([line, 1]);
			const known = /Parts: (.*)/.exec(stderr)?.[1]?.split(', ') ?? [];
			expect(known).toEqual(expect.arrayContaining(parts.split(' ').filter((part) => part !== '')));
			if (line.includes('# all parts: ')) expect(line).toContain(`# all parts: ${known.join(', ')}`);
		}
	});

	test('name existing scripts of the repository', () => {
		const scripts = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).scripts;
		const named = [
			...pages
				.join('\n')
				.matchAll(/`npm run tool -- pnpm --filter "?@instagram-insights\/webhook-relay[."]* (?:run )?(\w+)`/g),
		];
		expect(named.map(([, name]) => name).sort()).toEqual(['build', 'start']);
		for (const [, name = ''] of named) expect(Object.keys(scripts)).toContain(name);
	});
});

/** As `docker --help` lists them. */
const OPTIONS_OF_DOCKER: Readonly<Record<string, readonly string[]>> = {
	build: ['-f', '-t'],
	'compose build': [],
	'compose exec': [],
	'compose run': ['--rm'],
	'compose up': ['-d', '--no-deps', '--force-recreate', '--wait'],
};
