namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>When the process is killed.</summary>
internal enum Moment
{
    /// <summary>After some number of answers.</summary>
    AmongAnswers,

    /// <summary>When a call about the whole fleet was answered: its fan-out, its cancellation or its deletion goes on.</summary>
    AfterFleetCall,

    /// <summary>Between the opening of the file and the first answer.</summary>
    WhileLoading,

    /// <summary>
    /// When another program has held the file's lock for writing through many answers: nothing can be committed, so what is acknowledged now is
    /// lost.
    /// </summary>
    WhileLocked,

    /// <summary>When SQLite has begun to copy its log into the file.</summary>
    AtCheckpoint,
}
