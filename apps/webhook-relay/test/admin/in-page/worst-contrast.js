// The lowest contrast of any visible text with the ground it stands on, by WCAG 2.
(() => {
	const luminance = (color) => {
		const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).map(Number).map((part) => {
			const share = part / 255;
			return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const groundOf = (element) => {
		if (element === null) return 'rgb(255, 255, 255)';
		const color = getComputedStyle(element).backgroundColor;
		return color === 'transparent' || /, 0\)$/.test(color) ? groundOf(element.parentElement) : color;
	};
	const hasText = (element) =>
		element.checkVisibility() &&
		[...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
	return Math.min(
		...[...document.querySelectorAll('body *')].filter(hasText).map((element) => {
			const [text, ground] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
			return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
		}),
	);
})();
