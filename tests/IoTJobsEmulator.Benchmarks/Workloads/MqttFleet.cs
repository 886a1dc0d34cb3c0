using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>Devices that are connected and wait: a job for all of them, heard and done by each; beside the same messages through mosquitto.</summary>
internal sealed class MqttFleet() : Workload("mqtt-fleet", "1 000 connected devices hear of a job of their group (notify-next), start it and report SUCCEEDED; beside mosquitto")
{
    private const double Megabyte = 1 << 20;

    public override void Run(Bench bench)
    {
        using var mosquitto = Mosquitto.Start(bench.Published);
        if (mosquitto is null)
            Reporter.Say("mosquitto is not installed: the same fan-out through it is left out.");
        foreach (var mode in Mode.All)
            Run(bench, mode, mosquitto);
    }

    private static void Run(Bench bench, string mode, Mosquitto? mosquitto)
    {
        var count = bench.Options.IsQuick ? 200 : 1000;
        using var fleet = new Fleet(bench.Emulator(mode, Fleet.Settings), count);
        var before = fleet.Server.ResidentBytes;
        using var devices = new Devices(fleet.Server.MqttAddress!, count);
        var connected = (fleet.Server.ResidentBytes - before) / 1024.0 / count;
        using var subscribers = mosquitto is null ? null : new Devices(mosquitto.Address, count);
        using var publisher = mosquitto is null ? null : new MqttConnection(mosquitto.Address, "publisher");
        List<double> done = [], p50 = [], p99 = [], p50OfMosquitto = [], p99OfMosquitto = [];
        for (var round = -1; round < bench.Options.Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            fleet.CreateJob();
            var heard = devices.DoTheJob(began);
            var all = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var ofMosquitto = subscribers?.Hear(publisher!, devices.LastNotification);
            // Both have compiled, or opened, what they need in the first.
            if (round < 0)
                continue;
            done.Add(all);
            p50.Add(heard.Quantile(0.5));
            p99.Add(heard.Quantile(0.99));
            p50OfMosquitto.Add(ofMosquitto?.Quantile(0.5) ?? double.NaN);
            p99OfMosquitto.Add(ofMosquitto?.Quantile(0.99) ?? double.NaN);
        }
        Notified("p50", p50, p50OfMosquitto);
        Notified("p99", p99, p99OfMosquitto);
        bench.Reporter.Add(new($"job of {Spread.Text(count)} MQTT devices until all SUCCEEDED", mode, "s", Spread.Of(done)) { Connections = count });
        bench.Reporter.Add(new("memory of a connected device", mode, "KB", Spread.Of(connected)) { Connections = count });
        bench.Reporter.Add(new($"memory after the jobs of {Spread.Text(count)} MQTT devices", mode, "MB", Spread.Of(fleet.Server.ResidentBytes / Megabyte)) { Connections = count });

        void Notified(string quantile, List<double> emulator, List<double> beside) =>
            bench.Reporter.Add(new($"CreateJob to notify-next, {quantile} of {Spread.Text(count)} devices", mode, "ms", Spread.Of(emulator))
            {
                Connections = count,
                Limit = mosquitto is null ? "no mosquitto" : "mosquitto, one publisher",
                LimitValue = mosquitto is null ? null : Spread.Of(beside),
                Ratio = mosquitto is null ? null : Spread.Ratio(emulator, beside),
            });
    }

    /// <summary>All devices, heard on one thread.</summary>
    private sealed class Devices : IDisposable
    {
        private readonly MqttConnection[] _connections;
        private readonly byte[][] _start;

        public Devices(IPEndPoint broker, int count)
        {
            _connections = [.. Enumerable.Range(0, count).Select(index => new MqttConnection(broker, Names.Thing(1 + index)) { Index = index })];
            foreach (var device in _connections)
                device.Subscribe(Topic(device.Index, "notify-next"));
            _start = [.. _connections.Select(device => MqttPacket.Publish(Topic(device.Index, "start-next"), "{}", qos: 0))];
        }

        /// <summary>What the emulator says to a device of a new job.</summary>
        public string LastNotification { get; private set; } = "";

        /// <summary>Every device is notified, starts, and reports; answers how long after the beginning each was notified.</summary>
        public Latencies DoTheJob(long began)
        {
            var heard = new Latencies();
            var left = _connections.Length;
            HearUntil(() => left == 0, device =>
            {
                if (device.Topic.Span.EndsWith("/notify-next"u8))
                {
                    // It is also told when nothing is left.
                    if (device.Payload.Span.IndexOf("\"execution\""u8) < 0)
                        return;
                    heard.Add(Stopwatch.GetTimestamp() - began);
                    LastNotification = Encoding.UTF8.GetString(device.Payload.Span);
                    device.Ask(_start[device.Index]);
                }
                else if (device.Topic.Span.EndsWith("/start-next/accepted"u8))
                    device.Ask(MqttPacket.Publish(Topic(device.Index, JobIn(device.Payload.Span) + "/update"), """{"status":"SUCCEEDED"}""", qos: 0));
                else
                    left--;
            });
            return heard;
        }

        /// <summary>A publisher says the same to each, one after the other as fast as it can.</summary>
        public Latencies Hear(MqttConnection publisher, string payload)
        {
            byte[] all = [.. _connections.SelectMany(device => MqttPacket.Publish(Topic(device.Index, "notify-next"), payload, qos: 0))];
            var heard = new Latencies();
            var began = Stopwatch.GetTimestamp();
            publisher.Ask(all);
            HearUntil(() => heard.Count == _connections.Length, _ => heard.Add(Stopwatch.GetTimestamp() - began));
            return heard;
        }

        public void Dispose()
        {
            foreach (var connection in _connections)
                connection.Dispose();
        }

        private void HearUntil(Func<bool> isEnough, Action<MqttConnection> hear)
        {
            var ready = new List<Socket>(_connections.Length);
            while (!isEnough())
            {
                ready.Clear();
                ready.AddRange(_connections.Select(device => device.Socket));
                LoadLoop.Select(ready);
                foreach (var socket in ready)
                {
                    var device = (MqttConnection)Connection.Of(socket);
                    for (var isHeard = device.Read(); isHeard; isHeard = device.TakeAnswer())
                        hear(device);
                }
            }
        }

        private static string Topic(int index, string rest) => $"$aws/things/{Names.Thing(1 + index)}/jobs/{rest}";

        private static string JobIn(ReadOnlySpan<byte> answer)
        {
            var name = "\"jobId\":\""u8;
            var rest = answer[(answer.IndexOf(name) + name.Length)..];
            return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')]);
        }
    }
}
