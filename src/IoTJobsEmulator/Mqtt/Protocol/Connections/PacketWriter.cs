using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>
/// The single writer of a connection. It sends responses first, then the messages of the session's queue as fast as the client reads
/// them. Nobody waits for it, except the client's own next packets.
/// </summary>
/// <param name="output">The network connection.</param>
/// <param name="time">The clock of message expiries.</param>
/// <param name="delivered">Called with each message that is written.</param>
internal sealed class PacketWriter(PipeWriter output, TimeProvider time, Action<MqttMessage>? delivered = null)
{
    private const int FlushThreshold = 32 * 1024;
    private const int MaxResponses = 256;
    private const int MaxBatch = 16;

    private readonly Lock _gate = new();
    private readonly Queue<MqttPacket> _responses = new();
    private readonly AsyncSignal _workAvailable = new();
    private TaskCompletionSource? _capacity;
    private DeliveryQueue? _deliveries;
    private int _batches, _batched;
    private bool _isClosed;
    private bool _isResponseTooLarge;

    public ConnectionEncoder Encoder { get; } = new(output);

    /// <summary>Sends a response or another packet that is not a message; it overtakes messages that wait.</summary>
    public void Send(MqttPacket response)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _responses.Enqueue(response);
        }
        Wake();
    }

    /// <summary>From now on the messages of the session's queue are sent too.</summary>
    public void StartDelivering(DeliveryQueue deliveries)
    {
        lock (_gate)
            _deliveries = deliveries;
        _workAvailable.Set();
    }

    /// <summary>Wakes the writer: there is a response, or a message in the session's queue.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_batches > 0 && ++_batched < MaxBatch)
                return;
        }
        _workAvailable.Set();
    }

    /// <summary>
    /// Until <see cref="EndBatch"/>, a few packets are collected and not written. So the responses to packets that arrive together leave
    /// together, as do a PUBACK and the answer to the same message. Batches may overlap: the last to end has the packets written.
    /// </summary>
    public void BeginBatch()
    {
        lock (_gate)
            _batches++;
    }

    /// <summary>Has the collected packets written.</summary>
    /// <param name="inline">Whether on the calling thread: the one that reads from the client has nothing else to do.</param>
    public void EndBatch(bool inline)
    {
        lock (_gate)
        {
            if (--_batches > 0 || _batched == 0)
                return;
            _batched = 0;
        }
        if (inline)
            _workAvailable.SetInline();
        else
            _workAvailable.Set();
    }

    /// <summary>Accepts nothing more. Responses that wait are still written, messages are not.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _deliveries = null;
            _capacity?.TrySetResult();
        }
        _workAvailable.Set();
    }

    /// <summary>Completes when there is capacity for more responses. A client that sends without reading is not read further.</summary>
    public ValueTask WaitForCapacityAsync()
    {
        lock (_gate)
        {
            if (_isClosed || _responses.Count < MaxResponses)
                return default;
            _capacity ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_capacity.Task);
        }
    }

    /// <summary>Writes until closed.</summary>
    /// <returns>False when the network connection failed, the client does not read, or a response exceeds its maximum packet size.</returns>
    public async Task<bool> RunAsync()
    {
        try
        {
            while (true)
            {
                if (WritePending())
                {
                    var flushed = await output.FlushAsync();
                    if (flushed.IsCompleted || flushed.IsCanceled)
                        return false;
                }
                else if (_isResponseTooLarge)
                    return false;
                else if (IsDrained())
                    return true;
                else
                    await _workAvailable.WaitAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            return false; // the transport was closed meanwhile
        }
        finally
        {
            Close();
        }
    }

    private bool IsDrained()
    {
        lock (_gate)
            return _isClosed && _responses.Count == 0;
    }

    /// <returns>Whether there is something to flush.</returns>
    private bool WritePending()
    {
        var now = time.GetUtcNow();
        WriteResponses();
        while (output.UnflushedBytes < FlushThreshold && TryTakeDelivery(now, out var next))
        {
            WriteResponses(); // a response sent before this message was queued goes before it
            if (Encoder.TryWrite(next, now))
                delivered?.Invoke(next.Delivery.Message);
            else if (next.PacketId != 0)
                _deliveries?.Acknowledge(next.PacketId); // too large: discarded as if it had been sent (MQTT-3.1.2-25)
        }
        return output.UnflushedBytes > 0;
    }

    private void WriteResponses()
    {
        while (true)
        {
            MqttPacket? response;
            lock (_gate)
            {
                if (!_responses.TryDequeue(out response))
                {
                    _capacity?.TrySetResult();
                    _capacity = null;
                    return;
                }
            }
            _isResponseTooLarge |= !Encoder.TryWrite(response);
        }
    }

    private bool TryTakeDelivery(DateTimeOffset now, out OutgoingPublish next)
    {
        DeliveryQueue? deliveries;
        lock (_gate)
            deliveries = _deliveries;
        next = default;
        return deliveries is not null && deliveries.TryTake(now, out next);
    }
}
