/** What was read is not a credential of ours. Thrown by the decoders, caught by `readQr`; never leaves it. */
export class Malformed extends Error {}
