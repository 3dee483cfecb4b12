import { describe, expect, test } from 'vitest';
import { HOSTS, type Host } from '../../src/catalog/host.ts';
import { TOKEN_ENDPOINTS } from '../../src/catalog/token-endpoint.ts';
import reference from '../fixtures/catalog.json' with { type: 'json' };

const sorted = (values: Iterable<string>) => [...values].sort();

describe('HOSTS and TOKEN_ENDPOINTS', () => {
	/** `scope (comma list)` of the reference is our `scope`. */
	const plain = (params: readonly string[]) => params.map((param) => param.replace(/ \(.*\)$/, ''));

	test('are the two hosts of the reference', () => {
		expect(sorted(Object.keys(HOSTS))).toEqual(sorted(Object.keys(reference.hosts)));
	});

	test.each(Object.keys(HOSTS) as Host[])('say of %s what the reference says', (host) => {
		const ours = HOSTS[host];
		const tokens = TOKEN_ENDPOINTS[host];
		const theirs: Record<string, unknown> = { ...reference.hosts[host] };
		const take = (name: string) => {
			const value = theirs[name];
			delete theirs[name];
			return value;
		};
		const text = (name: string) => String(take(name));

		expect(take('loginType')).toBe(ours.loginType);
		expect(take('tokenPrefixes')).toEqual(ours.tokenPrefixes);
		expect(take('tokenPrefixConfidence')).toBe(ours.tokenPrefixConfidence);
		const { insights, media, mediaOneOf, discovery, viaBusinessManager } = ours.permissions;
		expect(take('permissions')).toEqual({
			insights,
			media: mediaOneOf.length > 0 ? [...media, mediaOneOf.join(' or ')] : media,
			...(discovery.length > 0 ? { discovery } : {}),
			...(viaBusinessManager.length > 0 ? { viaBusinessManager } : {}),
		});

		expect(text('authorizeUrl')).toBe(tokens.authorize.url);
		if ('authorizeParams' in theirs)
			expect(plain(take('authorizeParams') as string[])).toEqual(tokens.authorize.params);
		// Where the answer lands and how long a token lives is in notes of the reference; its form body is the POST of ours.
		const { note: _code, contentType, ...codeExchange } = take('codeExchange') as Record<string, unknown>;
		expect(codeExchange).toEqual(tokens.codeExchange);
		expect(contentType === 'form').toBe(tokens.codeExchange.method === 'POST');
		const { expiresIn, ...longLived } = take('longLived') as Record<string, unknown>;
		expect(longLived).toEqual(tokens.longLived);
		expect(expiresIn).toContain(`${tokens.longLivedDays} d`);
		const refresh = take('refresh') as Record<string, unknown> | undefined;
		if (refresh) {
			const { minAgeHours, mustBeUnexpired, expiresIn: refreshed, note: _note, ...endpoint } = refresh;
			expect(endpoint).toEqual(tokens.refresh);
			expect(minAgeHours).toBe(tokens.refreshMinAgeHours);
			expect(mustBeUnexpired).toBe(true);
			expect(refreshed).toContain(`${tokens.longLivedDays} d`);
		} else {
			expect(tokens.refresh).toBeNull();
			expect(tokens.refreshMinAgeHours).toBeNull();
		}

		expect(text('accountDiscovery')).toContain(`${ours.discovery.path}?fields=${ours.discovery.fields}`);
		expect(take('userFields')).toEqual(ours.userFields);
		expect(take('mediaFields')).toEqual(ours.mediaFields);
		expect(take('userEdges')).toEqual(ours.userEdges);
		expect(take('mediaEdges')).toEqual(ours.mediaEdges);
		expect(take('notAvailable') ?? []).toEqual(ours.notAvailable);
		expect(take('sources')).toEqual(ours.sources);

		const risky = (take('riskyFields') ?? {}) as Record<string, string>;
		expect(sorted(Object.keys(ours.riskyFields))).toEqual(sorted(Object.keys(risky)));
		for (const [field, { code, subcode }] of Object.entries(ours.riskyFields)) {
			const codes = /^(\d+)(?:\/(\d+))?/.exec(risky[field] ?? '');
			expect([code, subcode], field).toEqual(
				[codes?.[1], codes?.[2]].map((digits) => (digits ? Number(digits) : null)),
			);
		}

		expect(text('errorType').startsWith(ours.errorType)).toBe(true);
		expect(text('batch')).toMatch(
			ours.batchMaxItems === null ? /^unverified$/ : new RegExp(`max ${ours.batchMaxItems}\\b`),
		);
		expect(text('idsParam')).toMatch(/^retired: HTTP 500/);
		expect('appsecretProof' in theirs).toBe(tokens.appSecretProof === 'supported');
		expect('debugToken' in theirs).toBe(tokens.debug !== null);
		take('appsecretProof');
		take('debugToken');
		expect(theirs).toEqual({});
	});
});
