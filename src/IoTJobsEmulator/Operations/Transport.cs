namespace IoTJobsEmulator.Operations;

/// <summary>How a caller asks.</summary>
internal enum Transport
{
    http,
    mqtt,

    /// <summary>A simulated device calls, within a turn of due work.</summary>
    simulator,
}
