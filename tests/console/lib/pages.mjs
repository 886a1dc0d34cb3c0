/** The sections of the console, as they stand in addresses. */
export const sections = ['', '/jobs', '/create-job', '/things', '/clock', '/requests', '/messages', '/events', '/faults', '/simulators', '/snapshots', '/seeds'];

/** A page's name for a file. */
export const fileName = path => path.slice(1).replaceAll(/[^\w-]/g, '-') || 'overview';
