using System.IO.Pipelines;
using System.Net.WebSockets;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>
/// Reads and writes MQTT over the binary messages of a WebSocket (MQTT 5, section 6). A packet may span several messages. .NET's
/// WebSocketStream would not do: it also reads text messages, which MQTT forbids.
/// </summary>
public static class WebSocketTransport
{
    private const int ReceiveSize = 4 * 1024;

    /// <summary>The subprotocols of MQTT. The handshake must return the one that the client offers.</summary>
    public static readonly IReadOnlyList<string> Subprotocols = ["mqtt", "mqttv3.1"];

    /// <summary>Serves one client over the socket, and closes the socket.</summary>
    /// <param name="socket">An accepted WebSocket.</param>
    /// <param name="serve">Reads and writes the bytes.</param>
    /// <param name="time">The clock of <see cref="MqttLimits.Linger"/>.</param>
    public static async Task RunAsync(WebSocket socket, Func<IDuplexPipe, Task> serve, TimeProvider time)
    {
        var (received, toSend) = (new Pipe(), new Pipe());
        using var closed = new CancellationTokenSource();
        var receiving = ReceiveAsync(socket, received.Writer, closed.Token);
        var sending = SendAsync(socket, toSend.Reader, closed.Token);
        try
        {
            await serve(new DuplexPipe(received.Reader, toSend.Writer));
        }
        finally
        {
            // To end before the client has closed its side would reset the network connection, and the client could lose the last packets.
            using (time.CreateTimer(_ => closed.Cancel(), null, MqttLimits.Default.Linger, Timeout.InfiniteTimeSpan))
                await Task.WhenAll(sending, receiving);
        }
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private static async Task ReceiveAsync(WebSocket socket, PipeWriter to, CancellationToken closed)
    {
        try
        {
            var isRead = true;
            while (isRead)
            {
                var result = await socket.ReceiveAsync(to.GetMemory(ReceiveSize), closed);
                if (result.MessageType != WebSocketMessageType.Binary) // text messages are forbidden (MQTT-6.0.0-1); the other type is a close
                    break;
                to.Advance(result.Count);
                isRead = !(await to.FlushAsync(closed)).IsCompleted;
            }
            await to.CompleteAsync();
            await DiscardAsync(socket, closed);
        }
        catch (Exception e) when (IsClosed(e))
        {
        }
        finally
        {
            await to.CompleteAsync();
        }
    }

    /// <summary>Reads what nobody needs any more, until the client closes its side.</summary>
    private static async Task DiscardAsync(WebSocket socket, CancellationToken closed)
    {
        var discarded = new byte[ReceiveSize];
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
            await socket.ReceiveAsync(discarded.AsMemory(), closed);
    }

    private static async Task SendAsync(WebSocket socket, PipeReader from, CancellationToken closed)
    {
        try
        {
            while (true)
            {
                var result = await from.ReadAsync(closed);
                foreach (var segment in result.Buffer)
                    await socket.SendAsync(segment, WebSocketMessageType.Binary, endOfMessage: true, closed);
                from.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    break;
            }
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, closed);
        }
        catch (Exception e) when (IsClosed(e))
        {
        }
        finally
        {
            await from.CompleteAsync();
        }
    }

    private static bool IsClosed(Exception e) =>
        e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
