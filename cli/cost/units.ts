/** AWS bills bytes by powers of two and calls them KB, MB, GB and TB. */
export const BYTES_A_KB = 1024;
export const BYTES_A_GB = 1024 ** 3;
export const MEGABYTES_A_GB = 1024;
export const MEGABYTES_A_TB = 1024 ** 2;
