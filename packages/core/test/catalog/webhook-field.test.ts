import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { webhookFieldsPage } from '../../scripts/webhook-fields-page.ts';
import { LOGINS, type LoginType } from '../../src/catalog/host.ts';
import { SOURCES } from '../../src/catalog/source.ts';
import {
	documentedFields,
	EVENT_IDENTITIES,
	subscriptionNames,
	WEBHOOK_FIELDS,
	type WebhookFieldRow,
	webhookFieldRow,
} from '../../src/catalog/webhook-field.ts';
import { eventKey } from '../../src/webhook/event-key.ts';
import { splitEvents } from '../../src/webhook/split-events.ts';

const rows = Object.entries<WebhookFieldRow>(WEBHOOK_FIELDS);
const logins = Object.keys(LOGINS) as LoginType[];

/** The names in Meta's refusal of another one, as several repositories quote it (S53). */
const INSTAGRAM_LOGIN_TAKES = `agent_messages, messages, messaging_postbacks, messaging_seen, messaging_handover,
	messaging_referral, messaging_optins, message_reactions, message_edit, standby, comments, live_comments, mentions,
	story_insights, creator_marketplace_projects, creator_marketplace_invited_creator_onboarding, delta, story_reactions,
	onboarding_welcome_message_series, follow, comment_poll_response, story_poll_response, share_to_story`.split(/,\s*/);

/** What Meta's page of 2026-10-28 offers with Unified Login (S49). */
const UNIFIED =
	`comments, live_comments, mentions, message_reactions, messages, messaging_postbacks, messaging_referral,
	messaging_seen, story_insights`.split(/,\s*/);

function eventIn(place: object) {
	const split = splitEvents(JSON.stringify({ object: 'instagram', entry: [{ id: '1', time: 2, ...place }] }));
	return split.kind === 'events' ? split.events[0] : undefined;
}

describe('a webhook field', () => {
	test.each(rows)('%s names sources, the day they were read, and since when it is seen', (_name, row) => {
		expect(row.sources.length).toBeGreaterThan(0);
		expect(row.readOn).toBe(
			row.sources
				.map((id) => SOURCES[id].readOn)
				.sort()
				.at(-1),
		);
		expect(row.since <= row.readOn).toBe(true);
		expect(row.meaning ?? 'A sentence.').toMatch(/^[A-Z][^.]*\.$/);
	});

	test.each(rows)('%s comes with a field that the same login can subscribe to', (_name, { logins: ways }) => {
		for (const login of logins) {
			const way = ways[login];
			if (typeof way !== 'string')
				expect(['documented', 'messenger']).toContain(webhookFieldRow(way.with)?.logins[login]);
		}
	});

	test.each(rows.filter(([, { sample }]) => sample !== null))(
		'%s is recognized by its sample, and by no other',
		(name, row) => {
			const from = row.keys.length > 0 || name === 'message_echoes' ? 'messaging' : name;
			const place = { [from]: [row.sample] };
			const event = eventIn(
				from === 'messaging' || from === 'standby' ? place : { changes: [{ field: name, value: row.sample }] },
			);
			expect(event).toMatchObject({ field: name, value: row.sample });
			const { key, contentHash } = eventKey(event ?? expect.unreachable());
			expect(key).not.toBeNull();
			// A rule that does not fit the sample would fall back on the whole content.
			expect(key === JSON.stringify(['instagram', '1', name, contentHash])).toBe(row.identity === 'content');
		},
	);

	test('has its own keys', () => {
		const keys = rows.flatMap(([, row]) => row.keys);
		expect(new Set(keys).size).toBe(keys.length);
		expect(new Set(rows.map(([, { title }]) => title)).size).toBe(rows.length);
		expect(new Set(rows.map(([, { identity }]) => identity))).toEqual(new Set(Object.keys(EVENT_IDENTITIES)));
	});

	test('has no row for the names that every object has', () => {
		expect(webhookFieldRow('constructor')).toBeUndefined();
		expect(webhookFieldRow('__proto__')).toBeUndefined();
	});
});

describe('subscriptionNames', () => {
	test('returns only names that Instagram Login accepts, whatever is requested', () => {
		const { names } = subscriptionNames(Object.keys(WEBHOOK_FIELDS), 'instagram');
		expect(INSTAGRAM_LOGIN_TAKES).toEqual(expect.arrayContaining([...names]));
	});

	test("leaves out only the fields that Meta's pages rule out for Instagram Login", () => {
		const { names, leftOut } = subscriptionNames(INSTAGRAM_LOGIN_TAKES, 'instagram');
		expect(INSTAGRAM_LOGIN_TAKES.filter((name) => !names.includes(name))).toEqual(['mentions', 'story_insights']);
		expect(leftOut).toEqual(['story_insights']);
	});

	test.each(logins)('subscribes to messages to get their echoes with %s login', (login) => {
		expect(subscriptionNames(['message_echoes'], login)).toEqual({ names: ['messages'], leftOut: [] });
	});

	test('subscribes to comments to get mentions with Instagram Login', () => {
		expect(subscriptionNames(['mentions'], 'instagram').names).toEqual(['comments']);
		expect(subscriptionNames(['mentions'], 'facebook').names).toEqual(['mentions']);
	});

	test('subscribes the app to what any of its logins may send', () => {
		expect(subscriptionNames(['story_insights', 'message_echoes', 'mentions'], undefined)).toEqual({
			names: ['story_insights', 'messages', 'mentions', 'comments'],
			leftOut: [],
		});
	});

	test('tries a field that it does not know', () => {
		expect(subscriptionNames(['of_tomorrow'], 'unified')).toEqual({ names: ['of_tomorrow'], leftOut: [] });
	});
});

describe('documentedFields', () => {
	test("are those of Meta's page for Unified Login", () => {
		expect([...documentedFields('unified')].sort()).toEqual([...UNIFIED].sort());
	});

	test.each(logins)('never contain what %s login refuses', (login) => {
		const fields = documentedFields(login);
		expect(fields).not.toContain('message_echoes');
		expect(subscriptionNames(fields, login)).toEqual({ names: fields, leftOut: [] });
	});
});

describe('docs/webhook-fields.md', () => {
	test('is what the catalog generates', () => {
		const file = new URL('../../../../docs/webhook-fields.md', import.meta.url);
		expect(readFileSync(file, 'utf8')).toBe(webhookFieldsPage());
	});
});
