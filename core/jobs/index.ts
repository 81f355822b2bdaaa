export { jobNews } from './news.ts'
export {
  createJobs,
  type Job,
  type JobFilter,
  type JobState,
  type JobSubject,
  type Jobs,
  type JobView,
  viewOf,
} from './queue.ts'
export { type Schedule, startSchedules } from './schedules.ts'
export { jobThings } from './things.ts'
export { jobsChanged } from './watch.ts'
export {
  type ActorNow,
  JobCancelled,
  type JobHandler,
  type JobRun,
  startWorker,
  type Worker,
} from './worker.ts'
