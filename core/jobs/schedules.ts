import cron from 'node-cron'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'

/** A task put in the queue at every tick. `cron` is in UTC, so that daylight saving neither skips nor repeats. */
export type Schedule = { name: string; cron: string; task: string }

/**
 * Runs schedules that only enqueue. However many processes run them, one claims each tick, and the claim and
 * the job are one transaction. Ticks missed while nothing ran are caught up once, at start.
 */
export const startSchedules = (db: Db, schedules: readonly Schedule[], onError: (error: unknown) => void) => {
  const fire = async (schedule: Schedule, tick: Date) => {
    await db.run(sql`
      WITH claim AS (
        INSERT INTO jobs.ticks (schedule, tick) VALUES (${schedule.name}, ${tick})
        ON CONFLICT DO NOTHING RETURNING 1
      )
      SELECT graphile_worker.add_job(${schedule.task}::text, '{}'::json, job_key := ${`schedule:${schedule.name}`}::text) FROM claim`)
  }
  const running = schedules.map(schedule => {
    const task = cron.schedule(
      schedule.cron,
      ({ date }) => {
        fire(schedule, minute(date)).catch(onError)
      },
      { timezone: 'UTC', name: schedule.name, suppressMissedWarning: true },
    )
    // Whatever was missed: one run now. The job's key keeps several processes from queueing it twice.
    fire(schedule, minute(new Date())).catch(onError)
    return task
  })
  return {
    stop: async () => {
      for (const task of running) await task.destroy()
    },
  }
}

const minute = (at: Date) => new Date(Math.floor(at.getTime() / 60_000) * 60_000)
