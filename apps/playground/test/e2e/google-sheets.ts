import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

type Cell = string | number | boolean;
type Sheet = { readonly title: string; readonly cells: Cell[][] };
type Values = readonly (readonly (Cell | null)[])[];
type Written = { readonly range: string; readonly values: Values };
type Body = Partial<Written> & {
	readonly data?: readonly Written[];
	readonly valueInputOption?: string;
	readonly sheets?: readonly { readonly properties: { readonly title: string } }[];
};

export type GoogleSheets = { readonly url: string; stop(): Promise<void> };

/** Node's options, for an n8n whose Google Sheets node calls the stand-in. */
export const GOOGLE_TO_LOOPBACK = `--import=${pathToFileURL(path.join(import.meta.dirname, 'google-to-loopback.mjs')).href}`;

/** For a credential `googleSheetsOAuth2Api`: signed in. */
export const GOOGLE_TOKEN = {
	clientId: 'any',
	clientSecret: 'any',
	oauthTokenData: { access_token: 'google', token_type: 'Bearer', refresh_token: 'any', expires_in: 3599 },
};

/**
 * Stands in for the Google Sheets API on loopback: the calls that n8n's node makes to read, append and update rows. It keeps
 * values as they are sent (`RAW`) and refuses other modes.
 *
 * @see https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values
 */
export async function startGoogleSheets(): Promise<GoogleSheets> {
	const spreadsheets = new Map<string, Sheet[]>();
	const server = createServer((request, response) => {
		void answer(request).then(
			(body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
			(error) => response.writeHead(400).end(JSON.stringify({ error: { code: 400, message: String(error) } })),
		);
	});

	async function answer(request: IncomingMessage): Promise<unknown> {
		let text = '';
		for await (const chunk of request) text += chunk;
		const body = JSON.parse(text || '{}') as Body;
		const url = new URL(request.url ?? '', 'http://sheets');
		if (request.headers.authorization !== 'Bearer google') throw new Error('unknown access token');
		const [, id = '', values, range = '', verb = ''] =
			/^\/v4\/spreadsheets(?:\/([\w-]+))?(\/values)?(?:\/([^:]+(?:(?::|%3A)[A-Z]*\d*)?))?(:[a-zA-Z]+)?$/.exec(
				url.pathname,
			) ?? [];
		if (url.pathname === '/v4/spreadsheets') {
			// As long as Google's: n8n finds an ID in a URL by its length.
			const spreadsheetId = `spreadsheet-${spreadsheets.size + 1}`.padEnd(44, '-');
			const titles = (body.sheets ?? []).map(({ properties }) => properties.title);
			spreadsheets.set(
				spreadsheetId,
				titles.map((title) => ({ title, cells: [] })),
			);
			return { spreadsheetId };
		}
		const sheets = spreadsheets.get(id);
		if (sheets === undefined) throw new Error(`Spreadsheet ${id} not found`);
		const mode = url.searchParams.get('valueInputOption') ?? body.valueInputOption ?? 'RAW';
		if (mode !== 'RAW') throw new Error(`the stand-in does not know ${mode}`);
		switch (`${request.method} ${values ?? ''}${range === '' ? '' : '/range'}${verb}`) {
			case 'GET ':
				return {
					sheets: sheets.map(({ title }, sheetId) => ({ properties: { sheetId, title, gridProperties: GRID } })),
				};
			case 'POST :batchUpdate':
				return { replies: [{}] };
			case 'GET /values/range':
				return { values: read(sheets, decodeURIComponent(range)) };
			case 'PUT /values/range':
				return write(sheets, { range: decodeURIComponent(range), values: body.values ?? [] });
			case 'POST /values:batchUpdate':
				return { responses: (body.data ?? []).map((written) => write(sheets, written)) };
			default:
				throw new Error(`the stand-in does not know ${request.method} ${url.pathname}`);
		}
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** The size does not matter: cells beyond it are added. */
const GRID = { rowCount: 1000, columnCount: 26 };

/** `Days`, `Days!1:1`, `Days!A:Z`, `Days!B2:C9`, `Days!B2`; rows and columns from 0, ends included. */
function locate(sheets: readonly Sheet[], range: string) {
	const [title = '', cells = ''] = range.split('!');
	const sheet = sheets.find((one) => one.title === title.replace(/^'|'$/g, ''));
	if (sheet === undefined) throw new Error(`Unable to parse range: ${range}`);
	const [, column = '', row = '', lastColumn, lastRow] = /^([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?$/.exec(cells) ?? [];
	const isCell = lastColumn === undefined && column !== '';
	const end = (text: string) => (text === '' ? Number.POSITIVE_INFINITY : Number(text));
	return {
		sheet,
		rows: [row === '' ? 0 : Number(row) - 1, isCell ? Number(row) - 1 : end(lastRow ?? '') - 1],
		columns: [column === '' ? 0 : columnIndex(column), columnIndex(isCell ? column : (lastColumn ?? ''))],
	} as const;
}

const columnIndex = (letters: string): number =>
	letters === ''
		? Number.POSITIVE_INFINITY
		: [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** As Google does: without the empty cells at the end of a row, and the empty rows at the end. */
function read(sheets: readonly Sheet[], range: string): Cell[][] {
	const { sheet, rows, columns } = locate(sheets, range);
	const found = Array.from(sheet.cells.slice(rows[0], rows[1] + 1), (cells) => {
		const row = Array.from((cells ?? []).slice(columns[0], columns[1] + 1), (cell) => cell ?? '');
		return row.slice(0, row.findLastIndex((cell) => cell !== '') + 1);
	});
	return found.slice(0, found.findLastIndex((row) => row.length > 0) + 1);
}

/** `null` leaves a cell as it is. */
function write(sheets: readonly Sheet[], { range, values }: Written): { updatedRange: string } {
	const { sheet, rows, columns } = locate(sheets, range);
	for (const [down, row] of values.entries()) {
		sheet.cells[rows[0] + down] ??= [];
		for (const [right, cell] of row.entries()) {
			const target = sheet.cells[rows[0] + down];
			if (cell !== null && target !== undefined) target[columns[0] + right] = cell;
		}
	}
	return { updatedRange: range };
}

const call = async (
	url: string,
	method: string,
	where: string,
	body?: unknown,
): Promise<Body & { spreadsheetId: string }> => {
	const headers = { authorization: 'Bearer google' };
	const response = await fetch(`${url}/v4/spreadsheets${where}`, {
		method,
		headers,
		body: JSON.stringify(body) ?? null,
	});
	if (!response.ok) throw new Error(await response.text());
	return response.json();
};

/** Make a spreadsheet of one sheet with its headings. */
export async function createSpreadsheet(url: string, title: string, headings: readonly string[]): Promise<string> {
	const { spreadsheetId } = await call(url, 'POST', '', { sheets: [{ properties: { title } }] });
	await call(url, 'PUT', `/${spreadsheetId}/values/${title}!A1`, { values: [headings] });
	return spreadsheetId;
}

/** A sheet's rows by their headings; null where a cell is empty. */
export async function sheetRows(url: string, id: string, title: string): Promise<Record<string, Cell | null>[]> {
	const { values: [headings = [], ...rows] = [] } = await call(url, 'GET', `/${id}/values/${title}`);
	return rows.map((row) =>
		Object.fromEntries(
			headings.map((name, column) => [String(name), row[column] === '' ? null : (row[column] ?? null)]),
		),
	);
}
