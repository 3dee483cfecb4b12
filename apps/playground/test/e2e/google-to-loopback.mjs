// Loaded before n8n (`node --import`): requests to Google Sheets go to the stand-in at GOOGLE_SHEETS_URL (`google-sheets.ts`).
// The address is fixed in n8n's node.
import http from 'node:http';
import https from 'node:https';

const { hostname, port } = new URL(process.env.GOOGLE_SHEETS_URL ?? '');
const request = https.request;

https.request = (options, ...rest) =>
	options.hostname === 'sheets.googleapis.com'
		? http.request({ ...options, protocol: 'http:', hostname, host: hostname, port, agent: undefined }, ...rest)
		: request(options, ...rest);
