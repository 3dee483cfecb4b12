import { describe, expect, test } from 'vitest';
import { readStartOptions } from '../src/start.ts';

describe('readStartOptions', () => {
	test('uses the usual ports of n8n, sandbox and relay by default', () => {
		expect(readStartOptions([], {})).toEqual({ port: 5678, sandboxPort: 8788, relayPort: 8787, reset: false });
	});

	test('reads ports and reset', () => {
		const env = { SANDBOX_PORT: '9001', RELAY_PORT: '9002' };
		expect(readStartOptions(['--port', '5680', '--reset'], env)).toEqual({
			port: 5680,
			sandboxPort: 9001,
			relayPort: 9002,
			reset: true,
		});
	});

	test('reads the image to use instead of the pinned n8n', () => {
		const image = 'localhost:5000/n8nio/n8n@sha256:0a1b';
		expect(readStartOptions(['--image', image], {})).toMatchObject({ image });
	});

	test('reads that it watches the sources', () => {
		expect(readStartOptions(['--watch'], {})).toMatchObject({ watch: true });
	});

	test.each(['', '--privileged', 'n8n; rm', ' n8n'])('refuses the image "%s" and shows a right one', (image) => {
		expect(() => readStartOptions([`--image=${image}`], {})).toThrow(/^--image takes an image such as docker\.io/);
	});

	test.each(['--help', '-h'])('answers %s', (flag) => {
		expect(readStartOptions([flag], {})).toBe('help');
	});

	test.each(['0', '65536', 'abc', '', '80.5'])('refuses the port "%s" by the name of the option', (port) => {
		expect(() => readStartOptions(['--port', port], {})).toThrow(/^--port takes a port number from 1 to 65535/);
		expect(() => readStartOptions([], { SANDBOX_PORT: port })).toThrow(/^SANDBOX_PORT takes a port number/);
	});

	test('refuses one port for two servers', () => {
		expect(() => readStartOptions(['--port', '8788'], {})).toThrow(
			'--port 8788, SANDBOX_PORT 8788 and RELAY_PORT 8787 must be three different ports.',
		);
		expect(() => readStartOptions([], { SANDBOX_PORT: '9000', RELAY_PORT: '9000' })).toThrow('three different ports');
	});

	test('refuses an unknown option, and shows the known ones', () => {
		expect(() => readStartOptions(['--prot', '5680'], {})).toThrow(/--prot(?:.|\n)*npm start -- --port/);
	});
});
