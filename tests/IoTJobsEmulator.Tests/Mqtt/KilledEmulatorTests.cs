using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Tests.Storage;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>The program in a process of its own, killed as by kill -9 while a device is connected.</summary>
public sealed class KilledEmulatorTests : IDisposable
{
    private const string Notify = "$aws/things/pump-1/jobs/notify";

    private readonly Folder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_device_hears_of_a_job_whose_creation_was_answered_before_the_emulator_was_killed()
    {
        using (var emulator = await Start())
        {
            await using var device = await Line.Open((await emulator.Ports())["mqtt"]);
            Assert.False((await device.Connect()).SessionPresent);
            await device.Send(new SubscribePacket(1, [new(Notify, Qos.AtLeastOnce)]));
            Assert.IsType<SubAckPacket>(await device.Receive());
            using var http = new HttpClient { BaseAddress = emulator.Url };
            await Ask(http, HttpMethod.Post, "/things/pump-1", "{}");
            await Ask(http, HttpMethod.Put, "/jobs/update", """{"targets": ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"], "document": "{}"}""");
            // Disposing of the process kills it. The device has acknowledged nothing.
        }

        using var restarted = await Start();
        await using var again = await Line.Open((await restarted.Ports())["mqtt"]);

        Assert.True((await again.Connect()).SessionPresent);
        Assert.Equal((Notify, Qos.AtLeastOnce), await again.Receive() is PublishPacket message ? (message.Topic, message.Qos) : default);
    }

    private Task<EmulatorProcess> Start() => EmulatorProcess.Start("--database", _folder.Database, "--mqtt-port", "0");

    private static async Task Ask(HttpClient http, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body) };
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request, Cancelled)).StatusCode);
    }

    /// <summary>A client with a persistent session over TCP, which acknowledges nothing.</summary>
    private sealed class Line(TcpClient connection) : IAsyncDisposable
    {
        private readonly PipeReader _input = PipeReader.Create(connection.GetStream());
        private readonly PipeWriter _output = PipeWriter.Create(connection.GetStream());

        public static async Task<Line> Open(int port)
        {
            var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port, Cancelled);
            return new(connection);
        }

        public async Task<ConnAckPacket> Connect()
        {
            await Send(new ConnectPacket { ClientId = "pump-1", CleanStart = false });
            return Assert.IsType<ConnAckPacket>(await Receive());
        }

        public async Task Send(MqttPacket packet)
        {
            PacketEncoder.Write(_output, packet, MqttVersion.V311);
            await _output.FlushAsync(Cancelled);
        }

        public async Task<MqttPacket?> Receive()
        {
            while (true)
            {
                var result = await _input.ReadAsync(Cancelled);
                var buffer = result.Buffer;
                var isWhole = PacketDecoder.TryRead(ref buffer, MqttVersion.V311, int.MaxValue, out var packet);
                _input.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
                if (isWhole || result.IsCompleted)
                    return packet;
            }
        }

        public ValueTask DisposeAsync()
        {
            connection.Dispose();
            return default;
        }
    }
}
