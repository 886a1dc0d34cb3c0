using System.IO.Pipelines;
using System.Net.WebSockets;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Makes a stream of bytes of a WebSocket's binary messages, whose borders mean nothing to MQTT.</summary>
public static class WebSocketTransport
{
    private const int ReceiveSize = 4 * 1024;

    /// <summary>The subprotocols under which MQTT is offered; the one the client named must be echoed.</summary>
    public static readonly IReadOnlyList<string> Subprotocols = ["mqtt", "mqttv3.1"];

    /// <summary>Serves over the socket, and closes it in the end.</summary>
    /// <param name="socket">An accepted WebSocket.</param>
    /// <param name="serve">Reads and writes the bytes.</param>
    /// <param name="time">For the few seconds that a close may take.</param>
    public static async Task RunAsync(WebSocket socket, Func<IDuplexPipe, Task> serve, TimeProvider time)
    {
        var (received, toSend) = (new Pipe(), new Pipe());
        using var gone = new CancellationTokenSource();
        var receiving = ReceiveAsync(socket, received.Writer, gone.Token);
        var sending = SendAsync(socket, toSend.Reader, gone.Token);
        try
        {
            await serve(new Ends(received.Reader, toSend.Writer));
        }
        finally
        {
            using (time.CreateTimer(_ => gone.Cancel(), null, MqttLimits.Default.Linger, Timeout.InfiniteTimeSpan))
                await sending;
            await gone.CancelAsync();
            await receiving;
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private static async Task ReceiveAsync(WebSocket socket, PipeWriter to, CancellationToken gone)
    {
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(to.GetMemory(ReceiveSize), gone);
                if (result.MessageType != WebSocketMessageType.Binary) // text is forbidden (MQTT 5, 6.0), the rest is a close
                    break;
                to.Advance(result.Count);
                if ((await to.FlushAsync(gone)).IsCompleted)
                    break;
            }
        }
        catch (Exception e) when (IsGone(e))
        {
        }
        finally
        {
            await to.CompleteAsync();
        }
    }

    private static async Task SendAsync(WebSocket socket, PipeReader from, CancellationToken gone)
    {
        try
        {
            while (true)
            {
                var result = await from.ReadAsync(gone);
                foreach (var segment in result.Buffer)
                    await socket.SendAsync(segment, WebSocketMessageType.Binary, endOfMessage: true, gone);
                from.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    break;
            }
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, gone);
        }
        catch (Exception e) when (IsGone(e))
        {
        }
        finally
        {
            await from.CompleteAsync();
        }
    }

    private static bool IsGone(Exception e) =>
        e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
