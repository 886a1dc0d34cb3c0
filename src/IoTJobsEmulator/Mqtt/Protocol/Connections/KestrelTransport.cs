using Microsoft.AspNetCore.Connections;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Serves the broker on a Kestrel listener, plain or with TLS.</summary>
public static class KestrelTransport
{
    /// <summary>Serves MQTT on each connection.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="tag">The first value of <see cref="MqttConnection.Tag"/>.</param>
    /// <param name="time">The clock of <see cref="MqttLimits.Linger"/>.</param>
    /// <param name="stopping">Cancelled when the server stops.</param>
    public static ConnectionDelegate Serve(MqttBroker broker, Func<ConnectionContext, object?> tag, TimeProvider time, CancellationToken stopping) =>
        async connection =>
        {
            await broker.ServeAsync(connection.Transport, tag(connection), stopping);
            AbortAfterLinger(connection, time);
        };

    /// <summary>Kestrel itself waits without a limit for a client that does not read.</summary>
    private static void AbortAfterLinger(ConnectionContext connection, TimeProvider time)
    {
        var timer = time.CreateTimer(_ => connection.Abort(), null, MqttLimits.Default.Linger, Timeout.InfiniteTimeSpan);
        connection.ConnectionClosed.Register(timer.Dispose);
    }
}
