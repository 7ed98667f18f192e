
/* ---- The table of pictures ---- */

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  heads.forEach((head, at) => {
    const button = make('button', {type: 'button'}, head.textContent);
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') ? head.getAttribute('aria-sort') !== 'descending' : at > 0;
      const sign = down ? -1 : 1;
      const value = row => at === 0 ? row.cells[0].textContent : Number(row.cells[at].dataset.v);
      const sorted = [...body.rows].sort((a, b) => {
        const left = value(a), right = value(b);
        return sign * (at === 0 ? left.localeCompare(right) : left - right);
      });
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      body.append(...sorted);
    });
  });
}

/* ---- Start ---- */

addPlots();
addCurves();
document.querySelector('[data-do=scale]').setAttribute('aria-pressed', logScale);
for (const button of document.querySelectorAll('[data-do]')) button.addEventListener('click', tools[button.dataset.do]);
if (document.getElementById('pictures')) makeSortable(document.getElementById('pictures'));
function drawAll() {
  redraw();
  for (const curve of curves) curve.draw();
}
drawAll();
window.addEventListener('resize', drawAll);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
window.addEventListener('hashchange', fromAddress);
fromAddress();
