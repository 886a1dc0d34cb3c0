using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace IoTJobsEmulator.RobustnessTests.Mqtt;

/// <summary>A packet as the broker sent it.</summary>
internal sealed record Received(byte Header, byte[] Body)
{
    public int Type => Header >> 4;

    public int Qos => (Header >> 1) & 3;

    public ushort PacketId => BinaryPrimitives.ReadUInt16BigEndian(Body.AsSpan(Type == PacketBytes.Message ? 2 + TopicLength : 0));

    public string Topic => Encoding.UTF8.GetString(Body, 2, TopicLength);

    private int TopicLength => BinaryPrimitives.ReadUInt16BigEndian(Body);

    /// <summary>What a message carries, on a connection without properties.</summary>
    public ReadOnlySpan<byte> Payload => Body.AsSpan(2 + TopicLength + (Qos > 0 ? 2 : 0));
}

/// <summary>A connection to the broker, packet by packet.</summary>
internal sealed class Line : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private Line(TcpClient client) => (_client, _stream) = (client, client.GetStream());

    public static async Task<Line> Open(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        return new(client);
    }

    /// <summary>Opens a connection of MQTT 3.1.1 that the broker has accepted. One that ends before that is a broken one.</summary>
    public static async Task<Line> Connected(int port, string clientId)
    {
        var line = await Open(port);
        await line.Send(PacketBytes.Connect(Level.V311, clientId));
        var answer = await line.Find(_ => true);
        Assert.True(answer is { Type: PacketBytes.ConnAck, Body: [_, 0] }, $"The broker refuses a client: {answer}");
        return line;
    }

    public async Task Subscribe(params string[] filters)
    {
        await Send(PacketBytes.Subscribe(Level.V311, 1, 1, filters));
        Assert.DoesNotContain((byte)0x80, (await Find(packet => packet.Type == PacketBytes.SubAck)).Body);
    }

    public async Task Send(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Sends what the broker may not let come to its end.</summary>
    public async Task<bool> TrySend(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await Send(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Says that nothing more will come.</summary>
    public void EndSending()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // the broker has ended the connection
        }
    }

    /// <summary>The next packet that is asked for; messages with QoS 1 are acknowledged. The end of the connection is a broken one.</summary>
    public async Task<Received> Find(Func<Received, bool> isWanted) => await TryFind(isWanted) ?? throw new IOException("The broker has ended the connection");

    /// <summary>The same, or null when the broker has ended the connection.</summary>
    public async Task<Received?> TryFind(Func<Received, bool> isWanted)
    {
        while (await Next() is { } packet)
        {
            if (packet is { Type: PacketBytes.Message, Qos: 1 })
                await Send(PacketBytes.Acknowledge(packet.PacketId));
            if (isWanted(packet))
                return packet;
        }
        return null;
    }

    /// <summary>The next packet, or null when the broker has ended the connection.</summary>
    public async Task<Received?> Next()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Extent.Patience);
        try
        {
            var header = new byte[1];
            if (await _stream.ReadAsync(header, patience.Token) == 0)
                return null;
            var (length, shift, digit) = (0, 0, new byte[1]);
            do
            {
                await _stream.ReadExactlyAsync(digit, patience.Token);
                length |= (digit[0] & 0x7F) << shift;
                shift += 7;
                Assert.True(shift <= 28, "The broker sent a length of more than four bytes");
            }
            while ((digit[0] & 0x80) != 0);
            var body = new byte[length];
            await _stream.ReadExactlyAsync(body, patience.Token);
            return new(header[0], body);
        }
        catch (IOException)
        {
            return null; // the end, in the middle of what nobody reads any more
        }
    }

    public void Dispose() => _client.Dispose();
}
