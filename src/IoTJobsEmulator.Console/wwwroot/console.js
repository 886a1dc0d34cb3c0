// Theme: the system's until the user chooses one. Runs before the page is drawn, so that it does not flash.
(() => {
  const key = 'iot-jobs-console-theme';
  const root = document.documentElement;
  const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const apply = theme => theme ? root.setAttribute('data-theme', theme) : root.removeAttribute('data-theme');
  apply(stored());
  const isDark = () => (root.getAttribute('data-theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-theme-button], [data-copy]');
    if (!button) return;
    if (button.hasAttribute('data-theme-button')) {
      const theme = isDark() ? 'light' : 'dark';
      apply(theme);
      try { localStorage.setItem(key, theme); } catch { /* not kept */ }
      return;
    }
    const text = button.getAttribute('data-copy');
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without HTTPS and not on localhost browsers have no clipboard: select a copy of the text instead.
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    const label = button.textContent;
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = label; }, 1200);
  });
})();

// Where there is no room for all sections side by side, the one that is open is brought into view.
window.showOpenSection = () => document.querySelector('.sections a.active')?.scrollIntoView({ block: 'nearest', inline: 'center' });

// The circuit is opened over a WebSocket at once: the emulator has no other transport for it, and no negotiation. A page that has lost it tries again
// until the emulator is back; where that is a new one, which does not know the circuit, the page loads again.
document.addEventListener('DOMContentLoaded', () => {
  const lost = document.getElementById('components-reconnect-modal');
  lost?.addEventListener('components-reconnect-state-changed', ({ detail }) => {
    if (detail.state === 'rejected') location.reload();
    if (detail.state === 'hide') document.getElementById('blazor-error-ui').style.display = 'none'; // of what was tried meanwhile
  });
  Blazor.start({
    circuit: {
      configureSignalR: builder => builder.withUrl('_blazor', { skipNegotiation: true, transport: 1 }),
      reconnectionOptions: { maxRetries: Number.MAX_SAFE_INTEGER, retryIntervalMilliseconds: attempts => Math.min(250 * 2 ** attempts, 3000) },
    },
  });
});
