'use strict';
/* The session as the page's data have it, and how its figures are written. Texts of the file only ever become text
 * nodes. */
const data = JSON.parse(document.getElementById('data').textContent);
const rows = data.rows;
document.documentElement.classList.add('js');

/* ---- The session ---- */

function column(name, scale = 1) {
  const given = data.columns[name];
  if (!given) return null;
  const values = new Float64Array(rows);
  if (given.length === 1) return values.fill(given[0] * scale);
  for (let i = 0; i < rows; ++i) values[i] = given[i] * scale;
  return values;
}
const frameOf = row => data.frames.length === 1 ? data.frames[0] + row : data.frames[row];
const ms = name => column(name, 1e-3);
const c = {
  frame: ms('frame_ms'), cpu: ms('cpu_ms'), gpu: ms('gpu_ms'), upload: ms('upload_ms'), remove: ms('delete_ms'),
  cache: ms('cache_ms'),
  hits: column('hits'), misses: column('misses'), first: column('first_misses'), late: column('late_draws'),
  evictions: column('evictions'), uploads: column('uploads'), uploadBytes: column('upload_bytes'),
  used: column('used_bytes'), limit: column('limit_bytes'), peak: column('peak_bytes'), entries: column('entries'),
  pinned: column('pinned_bytes'),
  draws: column('draws'), sprites: column('sprites'),
};
const sections = ['load', 'update', 'insert', 'draw', 'evict', 'swap']
  .map((name, i) => ({name, color: '--s' + i, values: ms(name + '_ms')})).filter(section => section.values);
const seconds = new Float64Array(rows + 1);
for (let i = 0; i < rows; ++i) seconds[i + 1] = seconds[i] + c.frame[i] / 1e3;

const slow = new Map();
for (const [row, median, works, more] of data.slow) slow.set(row, {median, works, more});
const slowRows = data.slow.map(item => item[0]);

function rowOfFrame(frame) {
  let low = 0, high = rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frameOf(middle) < frame) low = middle + 1; else high = middle;
  }
  return low < rows && frameOf(low) === frame ? low : -1;
}

/* Twice the median of the 120 frames before each; NaN where there are too few. */
function thresholds() {
  const out = new Float64Array(rows).fill(NaN), sorted = [];
  const place = value => {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1; else high = middle;
    }
    return low;
  };
  for (let i = 0; i < rows; ++i) {
    if (i >= 8) out[i] = sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1];
    if (slow.has(i)) out[i] = 2 * slow.get(i).median;
    if (i >= 120) sorted.splice(place(c.frame[i - 120]), 1);
    sorted.splice(place(c.frame[i]), 0, c.frame[i]);
  }
  return out;
}

/* Of the last 60 frames; NaN where nothing was used. Huge counts leave rounding behind in the sums. */
function hitRates() {
  const out = new Float64Array(rows);
  let hits = 0, uses = 0;
  for (let i = 0; i < rows; ++i) {
    hits += c.hits[i];
    uses += c.hits[i] + c.misses[i];
    if (i >= 60) {
      hits -= c.hits[i - 60];
      uses -= c.hits[i - 60] + c.misses[i - 60];
    }
    out[i] = uses > 0 ? Math.min(Math.max(hits / uses, 0), 1) * 100 : NaN;
  }
  return out;
}

/* ---- Figures ---- */

const count = value => Math.round(value).toLocaleString('en-US');
const time = value => (value < 100 ? value.toFixed(2) : value < 1000 ? value.toFixed(1) : count(value)) + ' ms';
function bytes(value) {
  let unit = 0;
  for (; value >= 1000 && unit < 4; ++unit) value /= 1024;
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits}) +
    ' ' + ['B', 'KiB', 'MiB', 'GiB', 'TiB'][unit];
}
function shortBytes(value) {
  let unit = 0;
  for (; value >= 1000 && unit < 4; ++unit) value /= 1024;
  return +value.toPrecision(3) + ' ' + ['B', 'KiB', 'MiB', 'GiB', 'TiB'][unit];
}
const percent = value => (value > 99.99 && value < 100 ? 99.99 : value).toFixed(2) + '\u00a0%';
const plain = value => (+value.toPrecision(4)).toLocaleString('en-US');

/* Round steps for an axis; of bytes: powers of two. */
function ticks(low, high, most, binary) {
  const rough = (high - low) / most;
  if (!(rough > 0)) return [low];
  const base = binary ? 1024 ** Math.floor(Math.log(rough) / Math.log(1024)) : 10 ** Math.floor(Math.log10(rough));
  const choices = binary ? [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] : [1, 2, 5, 10];
  const step = base * choices.find(choice => base * choice >= rough * 0.999);
  const out = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) out.push(i * step + 0);
  return out;
}
function logTicks(low, high, most) {
  for (const choices of [[1, 2, 5], [1, 3], [1]]) {
    const out = [];
    for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
      for (const choice of choices) if (power * choice >= low && power * choice <= high) out.push(power * choice);
    }
    if (out.length <= most || choices.length === 1) return out;
  }
  return [];
}
