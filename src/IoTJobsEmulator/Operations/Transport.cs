namespace IoTJobsEmulator.Operations;

/// <summary>How a caller asks.</summary>
internal enum Transport
{
    http,
    mqtt,
}
