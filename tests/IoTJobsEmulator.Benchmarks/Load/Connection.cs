using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>A socket with one request outstanding at most, unless the caller pipelines; what an answer is, its protocol says.</summary>
internal abstract class Connection : IDisposable
{
    /// <summary>An answer that does not come ends the benchmark; turning the clock over a large fleet may take its time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly IPEndPoint _peer;
    private OwnedSocket _socket;
    private byte[] _received = new byte[1 << 14];
    private int _start, _end;

    protected Connection(IPEndPoint peer)
    {
        _peer = peer;
        _socket = new(this);
    }

    /// <summary>To be waited for together with others.</summary>
    public Socket Socket => _socket;

    public static Connection Of(Socket socket) => ((OwnedSocket)socket).Owner;

    public IPEndPoint Peer => _peer;

    /// <summary>Its number among those of a load.</summary>
    public int Index { get; init; }

    public long SentAt { get; private set; }

    public void Ask(ReadOnlySpan<byte> request)
    {
        SentAt = Stopwatch.GetTimestamp();
        if (IsEnded)
            Reconnect();
        Send(request);
    }

    /// <summary>Reads what has come, and answers whether that completes an answer. Blocks only when nothing has come.</summary>
    public bool Read()
    {
        if (TakeAnswer())
            return true;
        MakeRoom();
        var count = _socket.Receive(_received.AsSpan(_end));
        if (count == 0)
            throw new BenchmarkException($"{_peer} closed the connection.");
        _end += count;
        return TakeAnswer();
    }

    /// <summary>Waits for a whole answer.</summary>
    public void ReadAnswer()
    {
        while (!Read())
            continue;
    }

    /// <summary>Asks, waits for the answer, and says how long it took, in ticks of the stopwatch.</summary>
    public long Time(ReadOnlySpan<byte> request)
    {
        Ask(request);
        ReadAnswer();
        return Stopwatch.GetTimestamp() - SentAt;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Whether the peer said that this answer is the last of the connection.</summary>
    protected bool IsEnded { get; set; }

    protected void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Takes the next thing from what was received. Answers how long it is, 0 if it is not whole, and whether it is an answer.</summary>
    protected abstract int Take(ReadOnlyMemory<byte> received, out bool isAnswer);

    /// <summary>Takes a further answer of those that came together.</summary>
    public bool TakeAnswer()
    {
        while (_start < _end)
        {
            var length = Take(_received.AsMemory(_start, _end - _start), out var isAnswer);
            if (length == 0)
                return false;
            _start += length;
            if (isAnswer)
                return true;
        }
        return false;
    }

    private void Reconnect()
    {
        _socket.Dispose();
        _socket = new(this);
        (_start, _end, IsEnded) = (0, 0, false);
    }

    private void MakeRoom()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end < _received.Length)
            return;
        if (_start > 0)
            Buffer.BlockCopy(_received, _start, _received, 0, _end - _start);
        else
            Array.Resize(ref _received, _received.Length * 2);
        (_start, _end) = (0, _end - _start);
    }

    private sealed class OwnedSocket : Socket
    {
        public OwnedSocket(Connection owner) : base(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            Owner = owner;
            NoDelay = true;
            ReceiveTimeout = (int)Patience.TotalMilliseconds;
            Connect(owner._peer);
        }

        public Connection Owner { get; }
    }
}
