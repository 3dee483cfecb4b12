import { InsightsError } from '@instagram-insights/core/internal';
import { describe, expect, test } from 'vitest';
import { toErrorItem } from '../../nodes/graph/toErrorItem';
import { NODE } from '../fake-execution.mts';

describe('toErrorItem', () => {
	const item = toErrorItem(
		NODE,
		new InsightsError('not-found', 'media 18: it is gone', { advice: 'Check the ID.' }),
		5,
	);

	test('tells what happened and the way out, linked to the input item', () => {
		expect(item).toEqual({
			json: { error: 'media 18: it is gone', message: 'Check the ID.' },
			pairedItem: { item: 5 },
		});
	});

	test('has the form that n8n moves to the error output: error and message, nothing else', () => {
		expect(Object.keys(item.json)).toEqual(['error', 'message']);
		expect(item.error).toBeUndefined();
	});
});
