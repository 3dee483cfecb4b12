import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readExampleWorkflows } from '../src/example-workflows.ts';
import { fillN8n, isSandboxUrl } from '../src/fill-n8n.ts';
import { type N8nApi, N8nRefusal, type N8nWorkflow, type StoredWorkflow } from '../src/n8n/n8n-api.ts';

type Stored = { id: string; name: string; type: string; data: Record<string, unknown> };

/** The part of n8n's API that `fillN8n` uses, in memory. */
function memoryN8n() {
	const credentials = new Map<string, Stored>();
	const workflows = new Map<string, StoredWorkflow>();
	let last = 0;
	const api = {
		async createCredential(name: string, type: string, data: Record<string, unknown>) {
			const made = { id: `c${++last}`, name, type, data: { ...data } };
			credentials.set(made.id, made);
			return made;
		},
		async readCredential(id: string) {
			const found = credentials.get(id);
			if (found === undefined) throw new N8nRefusal(404, 'not there');
			return found;
		},
		async updateCredential(id: string, name: string, type: string, data: Record<string, unknown>) {
			credentials.set(id, { id, name, type, data: { ...data } });
			return { id };
		},
		async createWorkflow(workflow: N8nWorkflow) {
			const made = { ...workflow, id: `w${++last}`, versionId: 'v1' };
			workflows.set(made.id, made);
			return made;
		},
		readWorkflow: async (id: string) => workflows.get(id),
	};
	return { api: api as unknown as N8nApi, credentials, workflows };
}

const examples = readExampleWorkflows();
let sandbox: Sandbox;
let stateFolder: string;
beforeEach(async () => {
	stateFolder = mkdtempSync(path.join(tmpdir(), 'fill-n8n-'));
	sandbox = await startSandbox();
});
afterEach(async () => {
	await sandbox.stop();
	rmSync(stateFolder, { recursive: true });
});

describe('fillN8n', () => {
	test('gives every node of the examples the id of its credential', async () => {
		const n8n = memoryN8n();
		await fillN8n(n8n.api, sandbox, { stateFolder, examples });
		expect(n8n.workflows.size).toBe(examples.length);
		const used = [...n8n.workflows.values()]
			.flatMap(({ nodes }) => nodes)
			.flatMap(({ credentials = {} }) => Object.entries(credentials));
		expect(used.length).toBeGreaterThanOrEqual(examples.length);
		for (const [type, { id }] of used) expect(n8n.credentials.get(id)?.type).toBe(type);
	});

	test('points one credential of each host at the sandbox', async () => {
		const n8n = memoryN8n();
		await fillN8n(n8n.api, sandbox, { stateFolder, examples: [] });
		const urls = new Map([...n8n.credentials.values()].map(({ type, data }) => [type, data.baseUrl]));
		expect(urls.get('instagramInsightsApi')).toBe(sandbox.instagramUrl);
		expect(urls.get('instagramInsightsFacebookApi')).toBe(sandbox.facebookUrl);
	});

	test('adds nothing the second time, and keeps what was edited', async () => {
		const n8n = memoryN8n();
		const [first] = (await fillN8n(n8n.api, sandbox, { stateFolder, examples })).values();
		if (first === undefined) throw new Error('no examples');
		n8n.workflows.set(first.id, { ...first, name: 'My own name' });
		const sizes = [n8n.credentials.size, n8n.workflows.size];
		const again = await fillN8n(n8n.api, sandbox, { stateFolder, examples });
		expect([n8n.credentials.size, n8n.workflows.size]).toEqual(sizes);
		expect([...again.values()][0]?.name).toBe('My own name');
	});

	test('points its credentials at the sandbox of the next start', async () => {
		const n8n = memoryN8n();
		await fillN8n(n8n.api, sandbox, { stateFolder, examples: [] });
		const next = await startSandbox();
		await fillN8n(n8n.api, next, { stateFolder, examples: [] });
		await next.stop();
		expect([...n8n.credentials.values()].map(({ data }) => String(data.baseUrl).startsWith(next.url))).toEqual(
			[...n8n.credentials.keys()].map(() => true),
		);
	});

	test("leaves a credential alone that holds its user's own token", async () => {
		const n8n = memoryN8n();
		await fillN8n(n8n.api, sandbox, { stateFolder, examples: [] });
		const [mine] = n8n.credentials.values();
		if (mine === undefined) throw new Error('no credentials');
		mine.data = { accessToken: 'IGAA-my-own', baseUrl: 'https://graph.instagram.com' };
		await fillN8n(n8n.api, sandbox, { stateFolder, examples: [] });
		expect(n8n.credentials.get(mine.id)?.data).toEqual({
			accessToken: 'IGAA-my-own',
			baseUrl: 'https://graph.instagram.com',
		});
	});

	test('creates what was deleted again', async () => {
		const n8n = memoryN8n();
		await fillN8n(n8n.api, sandbox, { stateFolder, examples });
		n8n.credentials.clear();
		n8n.workflows.clear();
		await fillN8n(n8n.api, sandbox, { stateFolder, examples });
		expect(n8n.workflows.size).toBe(examples.length);
		expect(n8n.credentials.size).toBeGreaterThanOrEqual(2);
	});
});

describe('isSandboxUrl', () => {
	test.each([
		['http://127.0.0.1:8788/graph.instagram.com', true],
		['http://127.0.0.1:8790/graph.facebook.com', true],
		['https://graph.instagram.com', false],
		['https://proxy.example/graph.facebook.com', false],
		[undefined, false],
	])('says of %s: %s', (url, expected) => {
		expect(isSandboxUrl(url)).toBe(expected);
	});
});
