namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>Reports each limit of the whole broker once: whoever exceeds one mostly does it many times.</summary>
internal sealed class LimitReports(Action<string>? report)
{
    private readonly HashSet<string> _reported = [];

    public void Report(string limit)
    {
        lock (_reported)
        {
            if (!_reported.Add(limit))
                return;
        }
        report?.Invoke(limit);
    }

    public void Clear()
    {
        lock (_reported)
            _reported.Clear();
    }
}
