namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// What a job has to do at a moment of its own. Members stand in order: where several are due, the first is done, because the end of
/// a job makes its windows and the minutes of its rollout meaningless. <see cref="Job.DutyDueAt"/> says when each is due,
/// JobSchedule what is done.
/// </summary>
public enum JobDuty
{
    FinishDeletion,
    End,
    Start,
    MaintenanceWindow,
    RolloutMinute,
}

/// <summary>
/// What a job has to do for its executions at once, whatever the clock says. <see cref="Job.Work"/> says which kind a job has, DueWork
/// what is done.
/// </summary>
public enum JobWork
{
    Deletion,
    Cancellation,
    Visibility,
    Rollout,
}
