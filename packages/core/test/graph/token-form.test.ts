import { describe, expect, test } from 'vitest';
import { tokenProblem } from '../../src/graph/token-answer.ts';

describe('tokenProblem', () => {
	test.each(['IGAAlive123', 'EAAlive123', ' IGAAlive123\n', 'of-another-kind'])('accepts %j', (token) => {
		expect(tokenProblem(token)).toBeNull();
	});

	test.each([
		['', /empty/, /Paste the token/],
		['  ', /empty/, /Paste the token/],
		['undefined', /empty/, /expression/],
		['__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6', /placeholder/, /paste the token again/],
		['123456789|abcDEF123', /app token/, /user, a Page or a system user/],
		['123456789%7CabcDEF123', /app token/, /user/],
		['Bearer IGAAlive123', /spaces or quotes/, /without "Bearer"/],
		['"IGAAlive123"', /spaces or quotes/, /quotes/],
		['IGAAlive 123', /spaces or quotes/, /line breaks/],
	])('says what is wrong with %j, and never shows it', (token, message, advice) => {
		const error = tokenProblem(token);
		expect(error?.kind).toBe('auth');
		expect(error?.message).toMatch(message);
		expect(error?.advice).toMatch(advice);
		if (token.length > 9) expect(JSON.stringify([error?.message, error?.advice])).not.toContain(token.trim());
	});
});
