import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { conflict } from '#core/kernel/index.ts'

/**
 * Runs `work` while no other process on this machine runs any for the same folder; waits its turn for at most
 * `patienceMs`. The lock is an abstract Unix socket named after the folder (unix(7)): the kernel gives it to one
 * process and takes it back when that one ends, however it ends, so a lock is never stale.
 *
 * @throws `conflict` when the turn does not come in time.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>, patienceMs = 400_000): Promise<T> {
  const { dev, ino } = await stat(folder)
  const deadline = Date.now() + patienceMs
  let release = await tryLock(`annona:${dev}:${ino}`)
  while (!release) {
    if (Date.now() > deadline) {
      throw conflict(`Another process has been starting or stopping the database in ${folder} for too long.`)
    }
    await pause(25)
    release = await tryLock(`annona:${dev}:${ino}`)
  }
  try {
    return await work()
  } finally {
    await release()
  }
}

/** Takes the lock and answers how to let go of it, or `undefined` when somebody has it. */
function tryLock(name: string): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createServer(visitor => visitor.destroy()).unref()
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    // exclusive: workers of node:cluster would otherwise share one socket, and the lock
    socket.listen({ path: `\0${name}`, exclusive: true }, () =>
      resolve(() => new Promise(done => void socket.close(() => done()))),
    )
  })
}
