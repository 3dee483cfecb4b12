import { GRAPH_ERROR_CODES, InsightsError } from '@instagram-insights/core/internal';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { toErrorItem, toNodeError } from '../../nodes/graph/toNodeError';
import { NODE } from '../fake-execution.mts';

const REFUSED = new InsightsError('auth', 'media of account me: Session has expired (code 190, subcode 463)', {
	advice: 'Create a new access token and put it into the credential.',
	graph: {
		code: 190,
		subcode: 463,
		message: 'Error validating access token: Session has expired.',
		traceId: 'AbCdEf123',
		type: 'OAuthException',
		status: 400,
	},
});

describe('toNodeError', () => {
	test('keeps the message, the way out and the item of a refusal by Meta', () => {
		const error = toNodeError(NODE, REFUSED, 3);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe('Media of account me: Session has expired (code 190, subcode 463)');
		expect(error.description).toContain('Create a new access token and put it into the credential.');
		expect(error.context.itemIndex).toBe(3);
		expect((error as NodeApiError).httpCode).toBe('400');
	});

	test("quotes Meta's reason and trace ID", () => {
		const { description } = toNodeError(NODE, REFUSED, 0);
		expect(description).toContain('Meta says: "Error validating access token: Session has expired."');
		expect(description).toContain('Code 190, subcode 463, trace ID AbCdEf123.');
	});

	test("does not quote Meta's message twice", () => {
		const error = new InsightsError(
			'invalid-query',
			'insights of account 1784: The periods are incompatible (code 100)',
			{
				advice: 'Ask otherwise.',
				graph: { code: 100, message: '(#100) The periods are incompatible.', status: 400 },
			},
		);
		expect(toNodeError(NODE, error, 0).description).toBe('Ask otherwise. Code 100.');
	});

	test('declares a dead token to n8n', () => {
		expect(toNodeError(NODE, REFUSED, 0).failure).toEqual({ cause: 'credential-invalid' });
	});

	test('says when a rate limit ends, in words and for machines', () => {
		const limited = new InsightsError('rate-limit', "media of account me: Meta's call limit is used up", {
			advice: 'Ask for less at a time.',
			retryAfterMs: 12 * 60_000,
			graph: { code: 80002, rule: 'rate-instagram', message: 'There have been too many calls', status: 400 },
		});
		const error = toNodeError(NODE, limited, 0);
		expect(error.failure).toEqual({ cause: 'quota-exhausted', retryAfterMs: 720_000 });
		expect(error.description).toContain('in 12 minutes');
	});

	test.each([
		[4, 'quota-exhausted'],
		[17, 'quota-exhausted'],
		[32, 'quota-exhausted'],
		[341, 'quota-exhausted'],
		[613, 'rate-limited'],
	])('declares Meta code %i as %s', (code, cause) => {
		const rule = GRAPH_ERROR_CODES.find((row) => row.code === code)?.id;
		const graph = { code, message: 'limit', status: 400, ...(rule === undefined ? {} : { rule }) };
		expect(toNodeError(NODE, new InsightsError('rate-limit', 'x', { advice: 'y', graph }), 0).failure).toEqual({
			cause,
		});
	});

	test('names one wrong setting by its label, with a value that works', () => {
		const error = toNodeError(
			NODE,
			new InsightsError('invalid-query', 'x', {
				advice: 'y',
				problems: [
					{
						field: 'metrics',
						value: 'impressions',
						reason: 'retired-metric',
						message: '"impressions" is gone. Use "views" instead.',
						suggestion: 'views',
					},
				],
			}),
			2,
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe('Metrics: "impressions" is gone. Use "views" instead.');
		expect(error.description).toBe('Change the parameter "Metrics". "views" would work. Nothing was sent to Meta.');
		expect(error.context.itemIndex).toBe(2);
	});

	test('lists every wrong setting at once', () => {
		const error = toNodeError(
			NODE,
			new InsightsError('invalid-query', 'x', {
				advice: 'y',
				problems: [
					{ field: 'metrics', value: 'plays', reason: 'retired-metric', message: 'plays is gone.' },
					{ field: 'until', reason: 'range-incomplete', message: 'The last day is missing.' },
				],
			}),
			0,
		);
		expect(error.message).toBe('2 settings need a change: Metrics "plays", Until');
		expect(error.description).toBe(
			'1) Metrics: plays is gone. 2) Until: The last day is missing. Nothing was sent to Meta.',
		);
	});

	test("keeps n8n's own errors and adds the missing item", () => {
		const own = new NodeOperationError(NODE, 'Node does not have any credentials set');
		expect(toNodeError(NODE, own, 4)).toBe(own);
		expect(own.context.itemIndex).toBe(4);
	});

	test('wraps an unexpected error, with the item', () => {
		const error = toNodeError(NODE, new TypeError('x is not a function'), 1);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe('x is not a function');
		expect(error.context.itemIndex).toBe(1);
	});
});

describe('toErrorItem', () => {
	const item = toErrorItem(
		NODE,
		new InsightsError('not-found', 'media 18: it is gone', { advice: 'Check the ID.' }),
		5,
	);

	test('says what happened and the way out, linked to the input item', () => {
		expect(item).toEqual({
			json: { error: 'Media 18: it is gone', message: 'Check the ID.' },
			pairedItem: { item: 5 },
		});
	});

	test('has the form that n8n moves to the error output: error and message, nothing else', () => {
		expect(Object.keys(item.json)).toEqual(['error', 'message']);
		expect(item.error).toBeUndefined();
	});
});
