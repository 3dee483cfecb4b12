import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonSpan, locateExactJson, parseExactJson } from '../src/exact-json.ts';
import { randomRuns } from './webhook/random-runs.ts';

const WHOLE = { levels: 100, maxDepth: 100 };

/** A number as JSON writes it, of any length. */
const digits = (minLength: number) =>
	fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength: 30 }).map((list) => list.join(''));
const numberText = fc
	.tuple(fc.constantFrom('', '-'), digits(1), digits(0), fc.option(fc.integer({ min: -400, max: 400 })))
	.map(([sign, whole, fraction, exponent]) => {
		const point = fraction === '' ? '' : `.${fraction}`;
		return `${sign}${whole.replace(/^0+(?=\d)/, '')}${point}${exponent === null ? '' : `e${exponent}`}`;
	});

/** JSON with numbers of any length in it, and the white space Meta does not send. */
const jsonText = fc.letrec<{ value: string }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4 },
		numberText,
		fc.json({ maxDepth: 1 }),
		fc.array(tie('value')).map((items) => `[ ${items.join(' ,\n')}]`),
		fc
			.array(fc.tuple(fc.string({ unit: 'binary' }), tie('value')))
			.map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:\t${value}`).join(',')} }`),
	),
})).value;

/** What a decimal text is worth, as digits and the power of ten they are multiplied by: computed without doubles. */
function worth(text: string): string {
	const [, sign = '', whole = '', fraction = '', exponent = '0'] =
		/^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
	const all = `${whole}${fraction}`.replace(/^0+/, '');
	if (all === '') return '0';
	const significant = all.replace(/0+$/, '');
	return `${sign}${significant} e${Number(exponent) - fraction.length + (all.length - significant.length)}`;
}

describe('parseExactJson', () => {
	test.each([
		['17841436214263005', '17841436214263005'],
		['-9007199254740993', '-9007199254740993'],
		['9007199254740991', 9007199254740991],
		['9007199254740992', '9007199254740992'],
		['100000000000000000000', '100000000000000000000'],
		['1234567890123456.5', 1234567890123456.5],
		['0.1234567890123456789', '0.1234567890123456789'],
		['12345678.90123456789', '12345678.90123456789'],
		['33.333333333333336', 33.333333333333336],
		['-130161739389483.62', -130161739389483.62],
		['0.10000000000000001', 0.1],
		['1.50000000000000000000000', 1.5],
		['0.00000000000000000000', 0],
		['1e20', 1e20],
		['1234567890123456e3', 1234567890123456e3],
		['1e400', '1e400'],
		['-1E+400', '-1E+400'],
		['1e-400', '1e-400'],
		['0e400', 0],
		['2.5E-3', 0.0025],
		['0', 0],
	])('reads %s as %j, wherever it stands', (text, value) => {
		expect(parseExactJson(text)).toEqual({ ok: true, value });
		expect(parseExactJson(`{"id":${text},"in":[ ${text},${text}]}`)).toEqual({
			ok: true,
			value: { id: value, in: [value, value] },
		});
	});

	test('does not change digits inside strings, next to long numbers and after escapes', () => {
		const text = String.raw`{"caption":"call \": 17841401714833791, 1e400 now \\","id":17841401714833791}`;
		expect(parseExactJson(text)).toEqual({
			ok: true,
			value: { caption: 'call ": 17841401714833791, 1e400 now \\', id: '17841401714833791' },
		});
	});

	test.each([
		'',
		'{',
		'{"a":01}',
		'undefined',
		"{'a':1}",
		'[1,]',
		'{17841401714833791:1}',
		'{"a":1, 17841401714833791 :1}',
		'[17841401714833791:1]',
		'[17841401714833791 17841401714833791]',
		'[017841401714833791]',
		'[17841401714833791.]',
		'[+17841401714833791]',
		'[17841401714833791',
		'17841401714833791"',
	])('refuses %j as not JSON', (text) => {
		expect(parseExactJson(text)).toEqual({ ok: false, reason: 'not-json' });
	});

	test('equals JSON.parse if every number is short', () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				fc.pre(!/\d{16}|\d[eE]|\d\.\d{12}/.test(text));
				expect(parseExactJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
			}),
			randomRuns(),
		);
	});

	test('accepts and refuses the same texts as JSON.parse and differs in numbers only', () => {
		const broken = fc
			.tuple(jsonText, fc.nat(), fc.constantFrom('', '"', ':', ',', '{', '1', ' '))
			.map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
		fc.assert(
			fc.property(fc.oneof(jsonText, broken, fc.string({ unit: 'binary' })), (text) => {
				const read = parseExactJson(text);
				expect(read.ok).toBe(isJson(text));
				if (read.ok) expect(withoutNumbers(read.value, JSON.parse(text))).toEqual(withoutNumbers(JSON.parse(text)));
			}),
			randomRuns(),
		);
	});

	test('finds a long number at any place in the text and after any other', () => {
		for (let before = 0; before < 40; before += 1) {
			for (const number of ['1234567890123457.26', '-9007199254740993', '12e+399']) {
				const head = `{"${'x'.repeat(before)}":"${'9'.repeat(before)}","y":`;
				const read = valueIn(`${head}${number}}`);
				expect(read).toMatchObject({ y: number });
			}
		}
	});

	test('stays fast on a text of digits', () => {
		const digitsOnly = '7'.repeat(2_000_000);
		expect(valueIn(`{"a":"x${digitsOnly}","b":${digitsOnly}}`)).toEqual({ a: `x${digitsOnly}`, b: digitsOnly });
	});

	test('keeps the value of every number, as a number or as its text', () => {
		fc.assert(
			fc.property(numberText, (text) => {
				const read = parseExactJson(`[${text}]`);
				const [value] = read.ok ? (read.value as readonly unknown[]) : [];
				if (typeof value === 'string') {
					expect(value).toBe(text);
					// Kept as text only where the double is worth something else, or the integer is past 2^53.
					expect(/^-?\d+$/.test(text) ? !Number.isSafeInteger(Number(text)) : shortest(text) !== worth(text)).toBe(
						true,
					);
				} else {
					const length = worth(text).replace(/^-| e.*/g, '').length;
					const written = (value as number).toExponential(Math.min(100, length - 1));
					expect([shortest(text), worth(written)]).toContain(worth(text));
				}
			}),
			randomRuns(),
		);
	});
});

describe('locateExactJson', () => {
	test('returns the exact place of every value', () => {
		fc.assert(
			fc.property(jsonText, (text) => {
				const located = locateExactJson(text, WHOLE);
				if (!located.ok) throw new Error(located.reason);
				expect(located.value).toEqual(valueIn(text));
				expectPlaces(text, located.value, located.span);
			}),
			randomRuns(),
		);
	});

	test('returns places down to the requested level only', () => {
		const located = locateExactJson('{"a":[[1],{"b":2}]}', { levels: 2, maxDepth: 9 });
		expect(located).toMatchObject({
			span: { names: ['a'], inner: [{ start: 5, end: 18, inner: [{ start: 6, end: 9, inner: [] }, { inner: [] }] }] },
		});
	});

	test('names repeated members each time, and reads escaped names', () => {
		expect(locateExactJson(String.raw`{"a":1,"a":2,"\u0062":3}`, WHOLE)).toMatchObject({
			value: { a: 2, b: 3 },
			span: { names: ['a', 'a', 'b'] },
		});
	});

	test.each([0, 1, 100])('accepts the maximum depth and refuses one level more, with %d levels', (levels) => {
		const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
		expect(locateExactJson(nested(100), { levels, maxDepth: 100 }).ok).toBe(true);
		expect(locateExactJson(nested(101), { levels, maxDepth: 100 })).toEqual({ ok: false, reason: 'too-deep' });
		expect(locateExactJson('['.repeat(5_000_000), { levels, maxDepth: 100 })).toEqual({
			ok: false,
			reason: 'too-deep',
		});
	});

	test('does not count brackets inside texts, escaped quotes included', () => {
		const text = JSON.stringify({ text: `\\"${'['.repeat(500)}\\`, more: '{"'.repeat(300) });
		expect(locateExactJson(text, WHOLE)).toMatchObject({ ok: true, value: JSON.parse(text) });
	});

	test('returns a result for any text', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ 1e.-tn') }), fc.nat(5), (text, levels) => {
				expect(locateExactJson(text, { levels, maxDepth: 1000 }).ok).toBe(isJson(text));
			}),
			randomRuns(),
		);
	});
});

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function valueIn(text: string): unknown {
	const read = parseExactJson(text);
	return read.ok ? read.value : undefined;
}

const shortest = (text: string) => worth(String(Number(text)).replace('Infinity', '0'));

/** Both values with a mark in the place of each number: `like` says where one stands. */
function withoutNumbers(value: unknown, like: unknown = value): unknown {
	if (typeof like === 'number') return ['number', 'string'].includes(typeof value) ? 'a number' : value;
	if (Array.isArray(like) && Array.isArray(value)) return value.map((item, index) => withoutNumbers(item, like[index]));
	if (typeof like === 'object' && like !== null && typeof value === 'object' && value !== null) {
		return Object.entries(value).map(([name, member]) => [
			name,
			withoutNumbers(member, (like as Record<string, unknown>)[name]),
		]);
	}
	return value;
}

function expectPlaces(text: string, value: unknown, span: JsonSpan): void {
	const own = text.slice(span.start, span.end);
	expect(own).toBe(own.trim());
	expect(valueIn(own)).toEqual(value);
	if (Array.isArray(value)) {
		expect(span.inner.length).toBe(value.length);
		for (const [index, inner] of span.inner.entries()) expectPlaces(text, value[index], inner);
	} else if (typeof value === 'object' && value !== null) {
		expect(new Set(span.names)).toEqual(new Set(Object.keys(value)));
		for (const [name, member] of Object.entries(value)) {
			expectPlaces(text, member, span.inner[span.names.lastIndexOf(name)] ?? span);
		}
	}
}
