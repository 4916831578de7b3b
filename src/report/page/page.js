// The reports' own script: colours, search, the player, printing. Everything reads without it.
const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

function themeButton(button) {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
  const show = () => button.setAttribute('aria-pressed', String(isDark()));
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('wsgi-dev-theme', root.dataset.theme);
    } catch {
      // It holds for this page then.
    }
    show();
  });
  system.addEventListener('change', show);
  show();
  button.hidden = false;
}

/** Leaves what holds every word typed; a section with nothing left goes too. */
function searchForm(form) {
  const input = find('#find');
  const entries = all('[data-find]').map((element) => ({ element, text: element.textContent.toLowerCase() }));
  const sections = all('section').filter((section) => section.querySelector('[data-find]'));
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const { element, text } of entries) {
      const matches = words.every((word) => text.includes(word));
      element.hidden = !matches;
      if (matches) left += 1;
    }
    for (const section of sections) section.hidden = !section.querySelector('[data-find]:not([hidden])');
    find('#found').textContent = words.length === 0 ? '' : `${left} of ${entries.length} shown`;
  };
  input.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  // A link to what the search has hidden shows it again.
  addEventListener('hashchange', () => {
    if (!find('[data-find]:target')?.hidden) return;
    input.value = '';
    filter();
    find(':target').scrollIntoView();
  });
  form.hidden = false;
}

function playerIn(element) {
  const data = find('#recording').textContent.trim();
  const last = JSON.parse(data.slice(data.lastIndexOf('\n') + 1));
  // Some 10 pixels for a character: no larger than is good to read.
  element.style.maxWidth = `${Number(element.dataset.columns) * 10 + 24}px`;
  const player = AsciinemaPlayer.create({ data }, element, {
    fit: 'width',
    preload: true,
    // The last screen, which shows how it ended.
    poster: `npt:${last[0] + 0.1}`,
    idleTimeLimit: 2,
    controls: true,
    theme: 'wsgi-dev',
    terminalLineHeight: 1.4,
    terminalFontFamily: 'ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  });
  for (const button of all('[data-play]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      find('#terminal').scrollIntoView();
      await player.seek(Number(button.dataset.play));
      await player.play();
      element.querySelector('.ap-wrapper')?.focus({ preventScroll: true });
    });
  }
}

/** On paper nothing can be unfolded. */
function unfoldedOnPaper() {
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = all('details:not([open])');
    for (const element of closed) element.open = true;
  });
  addEventListener('afterprint', () => {
    for (const element of closed) element.open = false;
  });
}

/** A link into something folded unfolds it. */
function unfoldTarget() {
  const details = find(':target')?.querySelector('details');
  if (details) details.open = true;
}

themeButton(find('#theme'));
if (find('[data-find]')) searchForm(find('#search'));
if (find('#player')) playerIn(find('#player'));
addEventListener('hashchange', unfoldTarget);
unfoldTarget();
unfoldedOnPaper();
