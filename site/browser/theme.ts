// Runs before the page is drawn: a theme that the reader chose must not flicker.

try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A browser may keep no storage for a page; then the system's theme holds.
}
