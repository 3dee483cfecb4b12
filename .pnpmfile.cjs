/**
 * What a packed manifest leaves out of `exports`: sources and tests, which other packages of this repository import and the tarball
 * does not hold.
 */
function beforePacking(manifest) {
	if (manifest.exports === undefined) return manifest;
	const entries = Object.entries(manifest.exports).flatMap(([name, target]) => {
		if (typeof target === 'string') return [[name, target]];
		const { '@instagram-insights/source': _source, ...built } = target;
		return Object.keys(built).length === 0 ? [] : [[name, built]];
	});
	return { ...manifest, exports: Object.fromEntries(entries) };
}

module.exports = { hooks: { beforePacking } };
