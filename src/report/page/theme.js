// In the head: the colours that the reader chose are there before anything is drawn.
try {
  const chosen = localStorage.getItem('wsgi-dev-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // A page that may keep nothing follows the system.
}
