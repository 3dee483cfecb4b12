/** What `scan.mts` uses of a package that ships no types. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	export const SOURCE_FILE_PATTERNS: string[];
	export function analyzePackage(
		folder: string,
		filePatterns: readonly string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}
