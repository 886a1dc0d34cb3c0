using System.IO.Pipelines;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>A network connection in memory: what one end writes, the other reads.</summary>
internal sealed class DuplexPipePair
{
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();

    public DuplexPipePair() => (Server, Client) = (new(_toServer.Reader, _toClient.Writer), new(_toClient.Reader, _toServer.Writer));

    public Ends Server { get; }

    public Ends Client { get; }

    public sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
