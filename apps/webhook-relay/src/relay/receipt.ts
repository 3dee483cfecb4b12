/** One verified POST of Meta: the bytes as they came, and what proved them. */
export type Receipt = {
	/** ms since 1970, our clock */
	readonly receivedAt: number;
	/** The raw body, one byte a character (latin1). A string crosses into the store's thread by one copy of its bytes; a Buffer would take its whole pool along. */
	readonly body: string;
	/** The header that was verified, as it came: `sha256=…` (or `sha1=…` where allowed). */
	readonly signature: string;
	/** The name of the app secret that matched. */
	readonly secretName: string;
};
