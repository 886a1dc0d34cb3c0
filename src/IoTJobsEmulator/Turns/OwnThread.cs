namespace IoTJobsEmulator.Turns;

/// <summary>Runs what takes seconds on a thread of its own, so that no thread of the pool is missing meanwhile.</summary>
internal static class OwnThread
{
    public static Task<T> Run<T>(Func<T> function) => Task.Factory.StartNew(function, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
