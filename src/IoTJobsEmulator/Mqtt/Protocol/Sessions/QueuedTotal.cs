namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// Counts the messages that wait in all queues or are in flight; the bytes of a message that is in several count once. Used under the lock of each
/// queue, so it takes no lock.
/// </summary>
internal sealed class QueuedTotal(MqttLimits limits, LimitReports reports)
{
    private long _bytes;
    private int _messages;

    /// <returns>False when the message would exceed a limit; then it is not counted.</returns>
    public bool TryAdd(MqttMessage message)
    {
        var isWithin = !message.Enqueue() || Interlocked.Add(ref _bytes, message.Size) <= limits.AllQueuedBytes;
        isWithin &= Interlocked.Increment(ref _messages) <= limits.AllQueuedMessages;
        if (isWithin)
            return true;
        Remove(message);
        reports.Report($"{limits.AllQueuedMessages} messages and {limits.AllQueuedBytes} bytes in the queues of all clients: newer messages are dropped");
        return false;
    }

    public void Remove(MqttMessage message)
    {
        if (message.Dequeue())
            Interlocked.Add(ref _bytes, -message.Size);
        Interlocked.Decrement(ref _messages);
    }
}
