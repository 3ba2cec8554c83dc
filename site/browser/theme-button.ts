const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** Adds the button that goes from the system's theme to light, to dark and back, and remembers it. */
export function setUpTheme(): void {
  const ways = document.querySelector('.ways ul');
  if (ways === null) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'theme';
  const show = () => {
    button.textContent = `Theme: ${chosen()}`;
  };
  button.addEventListener('click', () => {
    choose(THEMES[(THEMES.indexOf(chosen()) + 1) % THEMES.length] ?? 'system');
    show();
  });
  show();
  const item = document.createElement('li');
  item.append(button);
  ways.append(item);
}

function chosen(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system';
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem('theme');
    else localStorage.setItem('theme', theme);
  } catch {
    // Without storage the choice holds for this page alone.
  }
}
