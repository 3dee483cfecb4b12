import type { ICredentialDataDecryptedObject, IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { isDueForRefresh, judgeRefresh, refreshToken } from '../../credentials/tokenRefresh';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function credentials(change: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
	return {
		accessToken: 'IGAA-sandbox-bakery',
		baseUrl: 'https://graph.instagram.com',
		refreshAfter: 0,
		heldAs: 'fixed',
		refreshMarker: '',
		...change,
	};
}

describe('isDueForRefresh', () => {
	test('looks at a token that was never looked at', () => {
		expect(isDueForRefresh(credentials(), NOW)).toBe(true);
	});

	test('waits until the noted time and no longer', () => {
		expect(isDueForRefresh(credentials({ refreshAfter: NOW + 1 }), NOW)).toBe(false);
		expect(isDueForRefresh(credentials({ refreshAfter: NOW }), NOW)).toBe(true);
	});

	test('reads a time that was stored as text', () => {
		expect(isDueForRefresh(credentials({ refreshAfter: String(NOW + DAY) }), NOW)).toBe(false);
	});

	test('takes an unreadable time for none', () => {
		expect(isDueForRefresh(credentials({ refreshAfter: 'soon' }), NOW)).toBe(true);
	});

	test('leaves a token alone that comes from an expression', () => {
		expect(isDueForRefresh(credentials({ heldAs: 'expression' }), NOW)).toBe(false);
	});

	test('has nothing to do without a token', () => {
		expect(isDueForRefresh(credentials({ accessToken: '' }), NOW)).toBe(false);
	});
});

describe('judgeRefresh', () => {
	test('keeps the new token and looks again in a week', () => {
		const answer = { access_token: 'IGAA-sandbox-new', token_type: 'bearer', expires_in: 5_184_000 };
		expect(judgeRefresh(200, answer, NOW)).toEqual({ accessToken: 'IGAA-sandbox-new', refreshAfter: NOW + 7 * DAY });
	});

	test('looks again at half the life of a token that lives less than two weeks', () => {
		const answer = { access_token: 'IGAA-sandbox-new', expires_in: (4 * DAY) / 1000 };
		expect(judgeRefresh(200, answer, NOW)).toEqual({ accessToken: 'IGAA-sandbox-new', refreshAfter: NOW + 2 * DAY });
	});

	test('looks again tomorrow when the lifetime is missing', () => {
		expect(judgeRefresh(200, { access_token: 'IGAA-sandbox-new' }, NOW)).toEqual({
			accessToken: 'IGAA-sandbox-new',
			refreshAfter: NOW + DAY,
		});
	});

	test.each([
		['a token under 24 hours old or dead', 400],
		['a token Meta does not take', 401],
	])('keeps the old token and looks again tomorrow after a refusal: %s', (_, status) => {
		expect(judgeRefresh(status, { error: { code: 190 } }, NOW)).toEqual({ refreshAfter: NOW + DAY });
	});

	test.each([
		['no answer', 0],
		['a time-out on the way', 408],
		['too many calls', 429],
		['a broken server', 503],
	])('looks again in an hour after trouble: %s', (_, status) => {
		expect(judgeRefresh(status, undefined, NOW)).toEqual({ refreshAfter: NOW + HOUR });
	});

	test('takes an answer without a token for trouble', () => {
		expect(judgeRefresh(200, '<html>', NOW)).toEqual({ refreshAfter: NOW + HOUR });
		expect(judgeRefresh(200, { access_token: '' }, NOW)).toEqual({ refreshAfter: NOW + HOUR });
	});
});

describe('refreshToken', () => {
	function http(answer: () => unknown): { helpers: IHttpRequestHelper['helpers']; sent: IHttpRequestOptions[] } {
		const sent: IHttpRequestOptions[] = [];
		return {
			sent,
			helpers: {
				async httpRequest(request: IHttpRequestOptions) {
					sent.push(request);
					return answer();
				},
			} as IHttpRequestHelper['helpers'],
		};
	}

	test("asks Meta's endpoint under the base address, without a version", async () => {
		const { helpers, sent } = http(() => ({
			statusCode: 200,
			body: { access_token: 'IGAA-sandbox-new', expires_in: 5_184_000 },
		}));
		await refreshToken(
			helpers,
			credentials({
				accessToken: 'IGAA-sandbox-bakery\n',
				baseUrl: 'http://127.0.0.1:8788/graph.instagram.com/',
			}),
			NOW,
		);
		expect(sent).toMatchObject([
			{
				method: 'GET',
				url: 'http://127.0.0.1:8788/graph.instagram.com/refresh_access_token',
				qs: { grant_type: 'ig_refresh_token', access_token: 'IGAA-sandbox-bakery' },
			},
		]);
	});

	test('never throws: the request that waits goes out with the old token', async () => {
		const { helpers } = http(() => {
			throw new Error('ECONNREFUSED');
		});
		await expect(refreshToken(helpers, credentials(), NOW)).resolves.toEqual({ refreshAfter: NOW + HOUR });
	});
});
