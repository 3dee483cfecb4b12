import { describe, expect, test } from 'vitest';
import { serverAddresses } from '../src/database.ts';

describe('serverAddresses', () => {
	test('leaves the address of one server as it is', () => {
		expect(serverAddresses('postgres://me:word@db:5432/relay?sslmode=require')).toEqual([
			'postgres://me:word@db:5432/relay?sslmode=require',
		]);
	});

	test('makes an address of each of several hosts, with the same login and database', () => {
		expect(serverAddresses('postgresql://me:p%40ss@one:5432,two:5433/relay?target_session_attrs=read-write')).toEqual([
			'postgresql://me:p%40ss@one:5432/relay',
			'postgresql://me:p%40ss@two:5433/relay',
		]);
	});

	test.each(['postgres://', 'mysql://x/y', 'postgres://me:my-word@one:port/x'])(
		'refuses %s without repeating it',
		(url) => {
			expect(() => serverAddresses(url)).toThrow(/^RELAY_STORE/);
			expect(() => serverAddresses(url)).not.toThrow(/my-word/);
		},
	);
});
