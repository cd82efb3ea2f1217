/** Bounds on what one browser, or all of them, may take of this process. Times in ms, sizes in bytes. */
export const LIMITS = {
  /** A browser's frames hold one instruction of at most 8,192 characters each; more than this is no such frame. */
  frameBytes: 128 * 1024,
  /** Where the websocket library itself gives up (close code 1009 without a reason). */
  payloadBytes: 1024 * 1024,
  /** Reading from guacd pauses above the first and goes on below the second. */
  browserBufferHigh: 256 * 1024,
  browserBufferLow: 64 * 1024,
  /** guacd takes no input for this long: the session ends. */
  guacdStall: 30_000,
  /** A browser pings twice a second and answers guacd's keep-alive every 5 s; a silent one is gone. */
  browserSilence: 20_000,
  pingsPerSecond: 20,
  pingBurst: 100,
  /** A second tab's redeem waits in the portal for the first one's connection, up to 8 s. */
  redeem: 15_000,
  reach: 3_000,
  /** A guacd that did not answer is asked last for so long. */
  guacdRetry: 5_000,
  handshake: 10_000,
  /** guacd answers for a connection that lives at once; from one that hangs, the page is better off with its own. */
  joining: 5_000,
  /**
   * From guacd's `ready` to the first image. guacd 1.6 stays silent when a target vanishes between check and connect. RDP is
   * served inside the guest, behind a port that QEMU accepts connections on whatever the guest does, so the check of the
   * target proves nothing there; and the guest signs its user in first, which takes 4 to 13 s where it is emulated.
   */
  firstPicture: { vnc: 20_000, rdp: 60_000 },
  renewalEvery: 15_000,
  /** How long a session lives on while the internal api does not answer (it is being restarted). */
  renewalGrace: 120_000,
  /** Connections whose ticket has not been redeemed yet. */
  pendingConnections: 200,
  /** A peer gets this long to answer a close. */
  closing: 2_000,
  /** Pauses between attempts to reach a console's clipboard, each twice the one before. */
  clipboardRetryFirst: 1_000,
  clipboardRetryLast: 60_000,
  /** Between the news of a copy in the guest and the question for it. */
  clipboardPause: 50,
  /** A bridge that stops waits so long for its sessions to be gone. */
  draining: 5_000,
  housekeeping: 1_000,
} as const;
