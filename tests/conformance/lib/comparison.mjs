// Two observations side by side: where they differ, and what stands there.

/** The leaves of a JSON value: `cancel.status` → 409. */
function* leaves(value, path = '') {
  const members = value && typeof value === 'object' ? Object.entries(value) : [];
  if (members.length === 0) yield [path, value];
  for (const [name, member] of members) yield* leaves(member, Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name);
}

/** Where two values differ: `[{path, left, right}]`; undefined stands for what is missing on a side. */
export function differences(left, right) {
  if (left === undefined || right === undefined) return left === right ? [] : [{ path: '', left, right }];
  const [onTheLeft, onTheRight] = [new Map(leaves(left)), new Map(leaves(right))];
  const paths = [...new Set([...onTheLeft.keys(), ...onTheRight.keys()])];
  return paths
    .filter((path) => JSON.stringify(onTheLeft.get(path)) !== JSON.stringify(onTheRight.get(path)))
    .map((path) => ({ path, left: onTheLeft.get(path), right: onTheRight.get(path) }));
}

const shown = (value) => (value === undefined ? '-' : JSON.stringify(value));

/** A table of differences, with a line for each place; as wide as it needs. */
export function table(rows, [first, left, right]) {
  const cells = [[first, left, right], ...rows.map((row) => [row.path || '(all)', shown(row.left), shown(row.right)])];
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) => `  ${row[0].padEnd(widths[0])}  ${row[1].padEnd(widths[1])}  ${row[2]}`.trimEnd()).join('\n');
}
