namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>Counts the messages that wait in all queues or are in flight. Used under the lock of each queue, so it takes no lock.</summary>
internal sealed class QueuedTotal(MqttLimits limits, LimitReports reports)
{
    private long _bytes;
    private int _messages;

    /// <returns>False when the message would exceed a limit; then it is not counted.</returns>
    public bool TryAdd(int bytes)
    {
        var isWithin = Interlocked.Add(ref _bytes, bytes) <= limits.AllQueuedBytes;
        isWithin &= Interlocked.Increment(ref _messages) <= limits.AllQueuedMessages;
        if (isWithin)
            return true;
        Remove(bytes);
        reports.Report($"{limits.AllQueuedMessages} messages and {limits.AllQueuedBytes} bytes in the queues of all clients: newer messages are dropped");
        return false;
    }

    public void Remove(int bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Decrement(ref _messages);
    }
}
