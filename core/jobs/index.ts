export { createJobs, type Job, type JobState, type Jobs } from './queue.ts'
export { type Schedule, startSchedules } from './schedules.ts'
export { jobThings } from './things.ts'
export {
  type ActorNow,
  JobCancelled,
  type JobHandler,
  type JobRun,
  startWorker,
  type Worker,
} from './worker.ts'
