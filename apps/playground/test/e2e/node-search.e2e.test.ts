import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { N8N_FOLDER } from '../../src/folders.ts';
import { createN8nApi } from '../../src/n8n/n8n-api.ts';
import { INSIGHTS_NODE } from './bench.ts';

const ACTION = INSIGHTS_NODE;
const EVENTS = `${INSIGHTS_NODE}Trigger`;
const POLLING = 'n8n-nodes-instagram-insights.instagramInsightsPollingTrigger';

/** What people ask for, and the node that does it. */
const SENTENCES = [
	['how did my reels do last month', ACTION],
	['which posts got the highest engagement this quarter', ACTION],
	['how many followers did we gain last week', ACTION],
	['email the client a weekly report about our Instagram', ACTION],
	['what is the best time to post on Instagram', ACTION],
	['compare our engagement rate with our competitors', ACTION],
	['where do my followers live and how old are they', ACTION],
	['a table with the reach of all our client accounts per day', ACTION],
	['how is my Instagram doing?', ACTION],
	['likes and impressions of our latest reels', ACTION],
	['save story numbers before they are gone', POLLING],
	['keep the numbers of stories before they disappear', POLLING],
	['tell me when we reach the next follower milestone', POLLING],
	['start when somebody comments', EVENTS],
	['tell me when somebody mentions us', EVENTS],
	['¿cuántos seguidores nuevos tuve esta semana?', ACTION],
	['qual foi o alcance dos meus reels este mês', ACTION],
	['quel est le meilleur moment pour publier sur Instagram', ACTION],
	['avísame cuando lleguen comentarios nuevos', EVENTS],
	['wenn jemand unter einem Beitrag kommentiert', EVENTS],
] as const;

type NodeCatalog = {
	NodeTypeParser: new (
		types: readonly NodeType[],
	) => { searchNodeTypes(query: string, limit: number): { readonly id: string }[] };
	searchCodeBuilderNodes(parser: unknown, queries: readonly string[]): { readonly results: string };
};
type NodeType = { readonly name: string };

/** The search behind n8n's AI builder and its MCP server, from the installed n8n, over the nodes which that n8n loaded. */
let parser: InstanceType<NodeCatalog['NodeTypeParser']>;
let catalog: NodeCatalog;
beforeAll(async () => {
	const n8nPackage = realpathSync(path.join(N8N_FOLDER, 'node_modules/n8n/package.json'));
	catalog = createRequire(n8nPackage)('@n8n/ai-utilities/node-catalog') as NodeCatalog;
	const n8n = createN8nApi(inject('n8nUrl'), inject('n8nSession'));
	parser = new catalog.NodeTypeParser(await n8n.call<NodeType[]>('GET', '/types/nodes.json'));
});

const first = (sentence: string) => parser.searchNodeTypes(sentence, 5)[0]?.id;

describe("n8n's node search", () => {
	test('finds the right node first for at least 18 of 20 sentences', () => {
		const missed = SENTENCES.filter(([sentence, wanted]) => first(sentence) !== wanted);
		expect(missed.length, JSON.stringify(missed)).toBeLessThanOrEqual(2);
	});

	test.each(['instagram', 'instagram insights', 'instagram analytics', 'engagement', 'competitors', 'demographics'])(
		'finds the action node first for "%s"',
		(word) => {
			expect(first(word)).toBe(ACTION);
		},
	);

	test('says where the verify token of the trigger is entered', () => {
		const { results } = catalog.searchCodeBuilderNodes(parser, ['comments']);
		const entry = results.split('\n\n').find((part) => part.startsWith(`- ${EVENTS} `)) ?? '';
		expect(entry).toMatch(/@builderHint .*HAS a verify token.*Verify Token in the credential/);
		expect(entry).toContain(`- ${ACTION}: "`);
	});

	test('says what each resource and operation is for', () => {
		const { results } = catalog.searchCodeBuilderNodes(parser, ['instagram insights']);
		const entry = results.split('\n\n- ').find((part) => part.includes(`${ACTION}\n`)) ?? '';
		expect(entry.match(/@builderHint /g)?.length ?? 0).toBeGreaterThan(15);
	});
});
