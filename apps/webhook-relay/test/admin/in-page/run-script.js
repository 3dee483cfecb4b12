// Put a script into the page as an injected payload would; says whether it ran.
(() => {
	try {
		const script = document.createElement('script');
		script.textContent = 'window.ran = true';
		document.body.append(script);
	} catch {
		return 'refused';
	}
	return 'ran' in window ? 'ran' : 'refused';
})();
