using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Connections;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Tests.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Connections;

public sealed class WebSocketTransportTests
{
    private readonly TestBroker _broker = new();
    private readonly WebSocket _client;
    private readonly WebSocket _server;
    private readonly Task _served;

    public WebSocketTransportTests()
    {
        var pipes = new DuplexPipePair();
        _client = WebSocket.CreateFromStream(new PipeStream(pipes.Client), new WebSocketCreationOptions());
        _server = WebSocket.CreateFromStream(new PipeStream(pipes.Server), new WebSocketCreationOptions { IsServer = true });
        _served = WebSocketTransport.RunAsync(_server, pipe => _broker.Broker.ServeAsync(pipe, "ws", _broker.Stopping.Token), _broker.Time);
    }

    [Fact]
    public async Task A_packet_may_span_several_WebSocket_messages()
    {
        var bytes = new ArrayBufferWriter<byte>();
        PacketEncoder.Write(bytes, new ConnectPacket { ClientId = "pump-1" }, MqttVersion.V311);
        PacketEncoder.Write(bytes, PingRequestPacket.Instance, MqttVersion.V311);
        for (var i = 0; i < bytes.WrittenCount; i += 5)
            await Send(bytes.WrittenMemory.Slice(i, Math.Min(5, bytes.WrittenCount - i)));

        Assert.Equal("20020000D000", Convert.ToHexString(await Receive(6)));
        Assert.Equal("ws", _broker.Broker.Find("pump-1")!.Tag);
    }

    [Fact]
    public async Task The_socket_is_closed_in_order_after_DISCONNECT()
    {
        await Send(Bytes(new ConnectPacket { ClientId = "pump-1" }));
        await Receive(4);
        await Send(Bytes(new DisconnectPacket(ReasonCode.Success)));

        var closed = await _client.ReceiveAsync(new byte[10], TestContext.Current.CancellationToken);
        await _client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

        Assert.Equal(WebSocketMessageType.Close, closed.MessageType);
        await _served;
    }

    [Fact]
    public async Task A_client_that_closes_the_socket_is_disconnected()
    {
        await Send(Bytes(new ConnectPacket { ClientId = "pump-1" }));
        await Receive(4);

        await _client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await _served;

        Assert.Null(_broker.Broker.Find("pump-1"));
    }

    [Fact]
    public async Task Text_is_refused()
    {
        await _client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

        var closed = await _client.ReceiveAsync(new byte[10], TestContext.Current.CancellationToken);

        Assert.Equal(WebSocketMessageType.Close, closed.MessageType);
        await _client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await _served;
    }

    [Fact]
    public async Task A_client_that_the_server_disconnects_receives_DISCONNECT_and_the_socket_is_closed_in_order()
    {
        await Send(Bytes(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V5 }, MqttVersion.V5));
        await _client.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken);
        _broker.Broker.Find("pump-1")!.Disconnect();

        var disconnect = new byte[100];
        await _client.ReceiveAsync(disconnect, TestContext.Current.CancellationToken);
        Assert.Equal((0xE0, ReasonCode.AdministrativeAction), (disconnect[0], (ReasonCode)disconnect[2]));
        await Send(Bytes(PingRequestPacket.Instance)); // it crosses the end of the connection
        Assert.Equal(WebSocketMessageType.Close, (await _client.ReceiveAsync(disconnect, TestContext.Current.CancellationToken)).MessageType);
        await _client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await _served;
        Assert.Equal(WebSocketState.Closed, _server.State); // aborted, what was sent last could be lost
    }

    [Fact]
    public async Task A_client_that_does_not_close_its_side_is_not_waited_for_without_limit()
    {
        await Send(Bytes(new ConnectPacket { ClientId = "pump-1" }));
        await Receive(4);
        _broker.Broker.Find("pump-1")!.Disconnect();

        while (!_served.IsCompleted)
        {
            _broker.Time.Advance(MqttLimits.Default.Linger);
            await Task.Yield();
        }

        Assert.Equal(WebSocketState.Aborted, _server.State);
    }

    private static ReadOnlyMemory<byte> Bytes(MqttPacket packet, MqttVersion version = MqttVersion.V311) =>
        PacketCodecTests.Bytes(new RandomPackets.Sample(packet, version));

    private async Task Send(ReadOnlyMemory<byte> bytes) =>
        await _client.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);

    private async Task<byte[]> Receive(int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
            received += (await _client.ReceiveAsync(bytes.AsMemory(received), TestContext.Current.CancellationToken)).Count;
        return bytes;
    }

    private sealed class PipeStream(IDuplexPipe pipe) : Stream
    {
        private readonly Stream _input = pipe.Input.AsStream();
        private readonly Stream _output = pipe.Output.AsStream();

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override void Flush() => _output.Flush();

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _input.Dispose();
            _output.Dispose();
            base.Dispose(disposing);
        }
    }
}
