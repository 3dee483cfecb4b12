// The one door of `npm start`, `npm test` and `npm run tool`. It needs nothing but Node and npm, and this file keeps to syntax that
// old versions of Node can parse, so that they say what is wrong instead of failing on a token.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const tooOld = major < 20 || (major === 20 && minor < 20);

if (tooOld) {
	console.error(
		`Node ${process.versions.node} is too old for this project: install Node 20.20 or newer (24 is best) and try again.`,
	);
	process.exitCode = 1;
} else if (process.platform === 'win32') {
	console.error('This project is built on Linux and macOS. On Windows, run it in WSL: https://aka.ms/wsl');
	process.exitCode = 1;
} else {
	import('./bootstrap/main.mjs').then(({ main }) => main(process.argv.slice(2)));
}
