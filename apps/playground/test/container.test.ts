import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { prepareImage } from '../src/n8n/container.ts';
import { freePort, isTaken } from '../src/n8n/free-port.ts';
import { startN8n } from '../src/n8n/start-n8n.ts';

const REF = 'docker.io/n8nio/n8n:3.0.0';

/**
 * Replaces a container engine: records its arguments, has or fetches the image, and runs a container as a separate process that
 * serves what the start asks n8n for. The container outlives a killed command, as with a real engine.
 */
const ENGINE = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const args = process.argv.slice(2);
const at = (name) => __dirname + '/' + name;
appendFileSync(at('calls'), JSON.stringify(args) + '\\n');
const end = (name) => {
	if (!existsSync(at(name))) return;
	try { process.kill(Number(readFileSync(at(name), 'utf8')), 'SIGKILL'); } catch {}
	rmSync(at(name));
};
const fail = (words) => { console.error(words); process.exit(1); };
const [command] = args;
if (command === 'info' && existsSync(at('silent'))) fail('Cannot connect to the Docker daemon');
if (command === 'image' && !existsSync(at('image'))) fail('No such image');
if (command === 'pull') existsSync(at('registry')) ? writeFileSync(at('image'), '') : fail('manifest unknown');
if (command === 'rm') end(args.at(-1));
if (command === 'serve') {
	// In case a test fails before it ends the container.
	setTimeout(() => process.exit(), 120_000);
	const startedAt = Date.now();
	require('node:http').createServer((request, response) => {
		// The page that n8n shows while it starts, then its API.
		const isUp = Date.now() - startedAt > 300;
		response.setHeader('content-type', isUp ? 'application/json' : 'text/html');
		response.end(isUp ? '{}' : 'n8n is starting up');
	}).listen(Number(args[1]), '127.0.0.1');
}
if (command === 'run') {
	if (existsSync(at('broken'))) fail('exec format error');
	const name = args[args.indexOf('--name') + 1];
	const port = args.find((arg) => arg.startsWith('N8N_PORT=')).split('=')[1];
	const container = spawn(process.execPath, [__filename, 'serve', port], { detached: true, stdio: 'inherit' });
	writeFileSync(at(name), String(container.pid));
	process.once('SIGTERM', () => { end(name); process.exit(143); });
}
`;

/** Unlike an engine, the stand-in does not wait until a killed container has freed its port. */
const isFree = (port: number) => vi.waitFor(async () => expect(await isTaken(port)).toBe(false), 60_000);

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'container-'));
	vi.stubEnv('PATH', folder);
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

function install(engine: 'docker' | 'podman', ...state: ('image' | 'registry' | 'silent' | 'broken')[]): void {
	writeFileSync(path.join(folder, engine), ENGINE);
	chmodSync(path.join(folder, engine), 0o755);
	for (const name of state) writeFileSync(path.join(folder, name), '');
}

const calls = (): string[][] =>
	readFileSync(path.join(folder, 'calls'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));

describe('prepareImage', () => {
	test('uses an image that is there without fetching it', async () => {
		install('docker', 'image');
		expect(await prepareImage(REF)).toEqual({ engine: 'docker', ref: REF });
		expect(calls().map(([command]) => command)).not.toContain('pull');
	});

	test('fetches an image that is missing, with Podman where Docker is missing', async () => {
		install('podman', 'registry');
		expect(await prepareImage(REF)).toEqual({ engine: 'podman', ref: REF });
		expect(calls()).toContainEqual(['pull', REF]);
	});

	test('says what the engine said when the image cannot be fetched', async () => {
		install('docker');
		await expect(prepareImage(REF)).rejects.toThrow(`docker could not fetch ${REF}: manifest unknown`);
	});

	test('says that neither engine is installed, and what to do', async () => {
		await expect(prepareImage(REF)).rejects.toThrow(
			'--image needs Docker or Podman, and neither is installed. Install one, or run npm start without --image.',
		);
	});

	test('distinguishes an engine that does not answer from a missing one', async () => {
		install('docker', 'image', 'silent');
		await expect(prepareImage(REF)).rejects.toThrow(/none answers:\ndocker: Cannot connect to the Docker daemon/);
	});
});

describe('startN8n with an image', () => {
	test('runs it on loopback with its folder and settings, waits for its interface, and stops it', async () => {
		install('docker', 'image');
		const port = await freePort();
		const userFolder = path.join(folder, 'user');
		const n8n = await startN8n({ program: { engine: 'docker', ref: REF }, userFolder, port });
		const run = calls().find(([command]) => command === 'run') ?? [];
		expect(run.slice(-2)).toEqual([REF, 'start']);
		expect(run.join(' ')).toContain('--network host');
		expect(run).toContain(`${userFolder}:/data:z`);
		for (const setting of [
			`N8N_PORT=${port}`,
			'N8N_LISTEN_ADDRESS=127.0.0.1',
			'N8N_USER_FOLDER=/data',
			'N8N_UNVERIFIED_PACKAGES_ENABLED=true',
		]) {
			expect(run).toContain(setting);
		}
		expect((await fetch(`${n8n.url}/rest/settings`)).headers.get('content-type')).toBe('application/json');
		await n8n.stop();
		await isFree(port);
	});

	test('ends the container when its command is killed', async () => {
		install('docker', 'image');
		const port = await freePort();
		const n8n = await startN8n({
			program: { engine: 'docker', ref: REF },
			userFolder: path.join(folder, 'user'),
			port,
		});
		await n8n.kill();
		await isFree(port);
	});

	test('ends a container that an earlier start left behind', async () => {
		install('docker', 'image');
		const port = await freePort();
		const options = { program: { engine: 'docker', ref: REF } as const, userFolder: path.join(folder, 'user'), port };
		const first = await startN8n(options);
		process.kill(first.pid, 'SIGKILL');
		await first.ended;
		expect(await isTaken(port)).toBe(true);
		const second = await startN8n(options);
		await second.stop();
		await isFree(port);
	});

	test('shows the last log lines of an image that does not run', async () => {
		install('docker', 'image', 'broken');
		const options = { userFolder: path.join(folder, 'user'), port: await freePort() };
		await expect(startN8n({ program: { engine: 'docker', ref: REF }, ...options })).rejects.toThrow(
			/n8n ended with code 1 while starting(?:.|\n)*exec format error/,
		);
		expect(existsSync(path.join(options.userFolder, 'n8n.log'))).toBe(true);
	});
});
